// Walks through the pages of a demo in Chromium as people do; every page on the way is judged, see walk.cjs. Here: attendees,
// partners, what they may ask and who reads for them, and whoever signs in.
//
//     node tests/tools/attendees.cjs http://127.0.0.1:8080 FOLDER DEMO.JSON
//
// FOLDER is for profiles; DEMO.JSON is what the demo wrote, with links to sign in. Prints each walk and how many pages it judged;
// ends with 1 at the first thing that is wrong.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const {
  Walk, base, clicking, copies, demand, desktop, enter, facts: demo, finish, folder, keys, phone, pressing, shownBy, signedIn,
  zoomed,
} = require('./walk.cjs');

// What the browser itself misses is said in the page's words, beside the field that has the focus, and no longer than it holds.
async function misses(walk, page) {
  const name = page.locator('[name="buyer.name"]');
  const said = page.locator('[id="buyer.name-error"]');
  await page.evaluate(() => { window.stays = true; });
  await page.focus('main button[value=sharing]');
  await page.keyboard.press('Enter');
  demand(await said.textContent() === 'This is missing.' && await page.locator('main .error').count() >= 3, 'it is not said what is missing');
  demand(await name.evaluate((field) => field === document.activeElement && field.ariaInvalid === 'true'), 'the first of them is not in focus');
  demand((await name.getAttribute('aria-describedby')).split(' ').includes('buyer.name-error'), 'it is not read out');
  await walk.judge('Who is coming?');
  await page.keyboard.insertText('A');
  demand(await said.count() === 0 && await name.getAttribute('aria-invalid') === null, 'it is still said to be missing');
  await name.fill('');
  demand(await page.evaluate(() => window.stays), 'the page was loaded again');
}

// A visitor takes a free webinar place and lets one partner have their details, all but one.
async function register(walk, page, press, type) {
  await page.goto(`${base}/`);
  await walk.judge('Events');
  await press('a[href$="/consent-in-practice"]');
  await walk.judge('Consent in practice');
  demand(await page.locator('text=None of them gets your details').count() === 1, 'the partners are not introduced');
  // The only ticket is chosen already.
  await press('form[action$="/register"] button');
  await walk.judge('Who is coming?');
  if (walk.options.javaScriptEnabled !== false) await misses(walk, page);
  // Sent empty, past the browser's own checks: everything that is missing is named beside its field.
  await page.evaluate(() => { document.getElementById('registration').noValidate = true; });
  await press('main button[value=sharing]');
  await walk.judge('Who is coming?');
  demand(await page.locator('.problems li').count() >= 3, 'the summary of what is missing');
  await walk.isTold();
  demand(await page.locator('[name="buyer.name"][aria-invalid=true]').count() === 1, 'the field says that it is meant');
  await type('[name="buyer.name"]', 'Ñandú O’Try‏ ابن');
  await type('[name="buyer.email"]', 'walker@people.example');
  await type('[name="person.0.company"]', 'Try & Söhne <GmbH>');
  for (const name of await page.locator('input[name^="doc."]').evaluateAll((all) => all.map((one) => one.name))) {
    await press(`[name="${name}"]`);
  }
  // Another language in the middle: nothing typed is lost.
  await press('button[name=language][value=de]');
  await walk.judge('Wer kommt?');
  demand(await page.inputValue('[name="buyer.name"]') === 'Ñandú O’Try‏ ابن', 'the name is still there');
  // Enter goes on, and not to the first language.
  await page.focus('[name="buyer.name"]');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await walk.judge('Wer darf was erfahren?');
  await press('main button[value=people]');
  await press('button[name=language][value=en]');
  await press('main button[value=sharing]');
  await walk.judge('Who may know what?');
  demand(await page.locator('.sharing :checked').count() === 0, 'nothing comes ticked');
  const [go, nothing] = [await page.locator('main button[value=summary]').boundingBox(), await page.locator('button[name=nothing]').boundingBox()];
  demand(Math.abs(go.width - nothing.width) < 2 && Math.abs(go.height - nothing.height) < 2, 'refusing has less weight');
  const [its, other] = await page.evaluate(() => ['main button[value=summary]', 'button[name=nothing]'].map((button) => {
    const style = getComputedStyle(document.querySelector(button));
    return [style.color, style.backgroundColor, style.borderColor, style.fontSize, style.fontWeight, style.textDecorationLine].join();
  }));
  demand(its === other, `refusing looks otherwise: ${other}, not ${its}`);
  demand(!await page.locator('[name=age]').first().isVisible(), 'the age is asked before anything is ticked');
  await press('.gives');
  demand(await page.locator('[name=age]').first().isVisible(), 'the age is not asked');
  await press('main button[value=summary]');
  await walk.judge('Who may know what?');
  demand(/16 or older/.test(await page.locator('.problems').textContent()), 'the age is demanded');
  await walk.isTold();
  await press('.partner details summary');
  const preview = await page.locator('.inset').first().textContent();
  demand(preview.includes('walker@people.example') && preview.includes('Try & Söhne <GmbH>'), 'the preview shows what would be sent');
  await press('.inset input[value=EMAIL]');
  await press('[name=age][value=yes]');
  await walk.judge('Who may know what?');
  await press('main button[value=summary]');
  await walk.judge('Everything once more');
  const summary = await page.locator('main').textContent();
  demand(summary.includes('Nightly Builds GmbH') && !summary.includes('Stable Systems GmbH'), 'exactly the ticked partner');
  demand(!/Nightly Builds GmbH:[^.]*E-mail/.test(summary), 'what is left out is not named');
  await press('button[value=order]');
  await walk.judge('Order ');
  demand((await page.locator('[role=status]').textContent()).includes('nothing is to be paid'), 'an order of nothing is free');
  const order = page.url();
  // The form again, from the history: the same order.
  await page.goBack();
  await page.locator('button[value=order]').click();
  await page.waitForURL(order);
  await page.goto(`${order}?language=de`);
  await walk.judge('Bestellung ');
}

// What each partner of an event asks for, as the API says it.
async function offersOf(page, slug) {
  const query = `{ event(organization: "demo", slug: "${slug}") { partners { displayName legalName offers { id fields { field label } } } } }`;
  const answer = await page.request.post(`${base}/graphql`, { data: { query } });
  return (await answer.json()).data.event.partners.flatMap((partner) => partner.offers.map((offer) => ({ ...offer, ...partner })));
}

// Every box names exactly the fields on the card that its partner asks for, and the list below it shows them, in the
// attendee's own words.
async function boxesSay(page, offers, card, typed) {
  const shown = await page.evaluate(() => [...document.querySelectorAll('.purpose')].map((purpose) => ({
    name: purpose.querySelector('.gives')?.name,
    words: purpose.querySelector('strong').textContent,
    lists: [...purpose.querySelectorAll('.lines')].map((list) => [...list.children].map((line) => [...line.children].slice(0, 2).map((part) => part.textContent))),
  })));
  demand(shown.length === offers.length, `${shown.length} boxes for ${offers.length} offers`);
  for (const offer of offers) {
    const given = offer.fields.filter((field) => card.includes(field.field));
    const words = given.length === 0
      ? `${offer.displayName} asks for: ${offer.fields.map((field) => field.label).join(', ')}. Nothing of it is on your card, so there is nothing to tick.`
      : `${offer.displayName} may have: ${given.map((field) => field.label).join(', ')}`;
    const box = shown.find((one) => one.words === words && (given.length === 0 || one.name === `share.${offer.id}`));
    demand(box, `no box says “${words}”`);
    if (given.length === 0) continue;
    const lines = given.map((field) => [field.label, typed[field.field] ?? 'nothing, you left it empty']);
    demand(JSON.stringify(box.lists[0]) === JSON.stringify(lines), `${offer.displayName} would get ${JSON.stringify(box.lists[0])}, not ${JSON.stringify(lines)}`);
  }
}

const ticks = (page) => page.locator('.partner :checked').count();

// Thirty partners: a card of one's own, and then one by one; nothing is ever ticked but by its own box.
async function fair(walk, page) {
  const press = pressing(page);
  const typed = { FULL_NAME: 'שרה O’Try', EMAIL: 'fair@people.example', COMPANY: '<i>Söhne</i> & {}' };
  const runsScripts = walk.options.javaScriptEnabled !== false;
  const offers = await offersOf(page, 'fair');
  await page.goto(`${base}/events/demo/fair/register`);
  await walk.judge('Register');
  await press('main button[value=people]');
  await page.fill('[name="buyer.name"]', typed.FULL_NAME);
  await page.fill('[name="buyer.email"]', typed.EMAIL);
  await page.fill('[name="person.0.company"]', typed.COMPANY);
  for (const one of await page.locator('input[name^="doc."]').all()) await one.check();
  await press('main button[value=sharing]');
  await walk.judge('Who may know what?');
  demand(await page.locator('.partner').count() === 30 && await page.locator('h2.group').count() === 3, 'thirty partners in three groups');
  demand(await page.locator('.sharing :checked').count() === 0, 'nothing comes ticked');
  demand((await page.textContent('.tally')).includes('0 of 30'), 'the tally');
  // No button ticks anything: each leads somewhere, shows the page again, or refuses.
  const buttons = await page.locator('main button').evaluateAll((all) => [...new Set(all.map((one) => `${one.type} ${one.name}=${one.value}`))].sort());
  demand(buttons.join() === 'submit go=people,submit go=sharing,submit go=summary,submit nothing=yes', buttons.join());
  await boxesSay(page, offers, offers.flatMap((offer) => offer.fields.map((field) => field.field)), typed);

  // The card: it ticks nothing, and from then on each box names what is on it.
  await page.check('[name=card][value=FULL_NAME]');
  await page.check('[name=card][value=EMAIL]');
  await press('.mine button');
  await walk.judge('Who may know what?');
  demand(await ticks(page) === 0 && await page.locator('[name=card]:checked').count() === 2, 'the card ticks no partner');
  await boxesSay(page, offers, ['FULL_NAME', 'EMAIL'], typed);

  const wanted = offers.find((offer) => offer.displayName === 'Partner 06');
  const box = `[name="share.${wanted.id}"]`;
  await page.check(box);
  demand(await ticks(page) === 1, 'one box is one partner');
  if (runsScripts) demand((await page.textContent('.tally')).includes('1 of 30'), 'the tally follows');
  // More on the card than the box said when it was ticked: its tick is taken back, and nobody is led on.
  await page.check('[name=card][value=COMPANY]');
  await press('main button[value=summary]');
  await walk.judge('Who may know what?');
  demand((await page.textContent('.problems')).includes('Partner 06') && await ticks(page) === 0, 'a wider box keeps no tick');
  await boxesSay(page, offers, ['FULL_NAME', 'EMAIL', 'COMPANY'], typed);
  // Less: the tick holds, but the box is shown anew.
  await page.check(box);
  await page.uncheck('[name=card][value=EMAIL]');
  await press('main button[value=summary]');
  demand(await page.isChecked(box) && (await page.textContent('.problems')).includes('changed'), 'a narrower box keeps its tick');
  await boxesSay(page, offers, ['FULL_NAME', 'COMPANY'], typed);

  // Single fields: one left out, one that is not on the card added.
  const purpose = page.locator('.purpose').filter({ has: page.locator(box) });
  await purpose.locator('summary').click();
  await page.check(`[name="share.${wanted.id}.without"][value=COMPANY]`);
  await page.check(`[name="share.${wanted.id}.with"][value=EMAIL]`);
  const labels = (keys) => wanted.fields.filter((field) => keys.includes(field.field)).map((field) => field.label).join(', ');
  if (!runsScripts) await purpose.locator('button').click();
  await page.waitForLoadState();
  demand(await purpose.locator('strong').textContent() === `Partner 06 may have: ${labels(['FULL_NAME', 'EMAIL'])}`, 'the box says what was changed');
  await walk.judge('Who may know what?');
  await page.check('[name=age][value=yes]');
  await press('main button[value=summary]');
  await walk.judge('Everything once more');
  const shares = await page.locator('section:has(button[value=sharing]) li').allTextContents();
  demand(shares.length === 1 && shares[0].startsWith(`Partner 06 GmbH: ${labels(['FULL_NAME', 'EMAIL'])}To`), shares.join());

  // All of it is there again, and one button at the top takes everything back.
  await press('main button[value=sharing]');
  demand(await ticks(page) === 3 && await page.isChecked(box), 'the box, and the two changes');
  await press('button[name=nothing]');
  demand((await page.textContent('main')).includes('Nothing is shared with partners'), 'nothing is shared');
}

// Paying by transfer: the facts, and the same as a code that a phone can read off the screen, in both themes.
async function pay(walk, page) {
  const press = pressing(page);
  await page.goto(`${base}/events/demo/rust-days/register`);
  // The sum follows what is chosen, on the page that is there.
  await page.evaluate(() => { window.stays = true; });
  demand((await page.textContent('#sum')).includes('–') && !await page.locator('.unscripted').isVisible(), 'there is a sum of nothing, or a button for it');
  for (const [many, costs] of [['2', '€498.00'], ['1', '€249.00']]) {
    await page.getByLabel('Standard').selectOption(many);
    await page.locator('#sum:not([aria-busy])', { hasText: costs }).waitFor();
  }
  demand(await page.evaluate(() => window.stays), 'the page was loaded again');
  await walk.judge('Register');
  await press('main button[value=people]');
  await page.goBack();
  await page.locator('#sum:not([aria-busy])', { hasText: '€249.00' }).waitFor();
  await press('main button[value=people]');
  await page.fill('[name="buyer.name"]', 'Ada Payer');
  await page.fill('[name="buyer.email"]', 'payer@people.example');
  for (const one of await page.locator('input[name^="doc."]').all()) await one.check();
  await press('main button[value=sharing]');
  await press('button[name=nothing]');
  await walk.judge('Everything once more');
  await press('button[value=order]');
  await walk.judge('Order ');
  demand(await page.locator('svg.code').count() === 0, 'how to transfer is told to who chooses it');
  await press('button:has-text("bank transfer")');
  await walk.judge('Order ');
  const facts = await page.locator('section:has(svg.code)').textContent();
  demand(/DE02 1203 0000 0000 2020 51/.test(facts) && /€249\.00/.test(facts), 'the same facts as text');
  await page.locator('svg.code').screenshot({ path: path.join(folder, `code-${walk.options.colorScheme}.png`) });
  await page.emulateMedia({ media: 'print', colorScheme: walk.options.colorScheme });
  demand(await page.locator('svg.code').isVisible() && !await page.locator('header').isVisible() && !await page.locator('button').first().isVisible(), 'it prints without what is for the screen');
  const ink = await page.evaluate(() => [getComputedStyle(document.documentElement).color, getComputedStyle(document.querySelector('.card')).backgroundColor].join());
  demand(ink === 'rgb(0, 0, 0),rgb(255, 255, 255)', `it prints ${ink}`);
  await page.emulateMedia({ media: 'screen', colorScheme: walk.options.colorScheme });
}

async function others(walk, page) {
  await page.goto(`${base}/-/components`);
  await walk.judge('Components');
  await page.goto(`${base}/events/demo/rust-days`);
  await walk.judge('Rust');
  const clock = await page.locator('.own-clock').first().textContent();
  demand(/^On your clock: .*0[34]:00$/.test(clock), `nine in Berlin is “${clock}” in New York`);
  const calendar = await page.request.get(`${base}/events/demo/rust-days/calendar.ics`);
  demand(calendar.ok() && (await calendar.text()).includes('BEGIN:VEVENT'), 'the calendar file');
  await page.goto(`${base}/events/demo/rust-days/register`);
  await walk.judge('Register');
  await page.goto(`${base}/events/demo/rust-days`);
  await page.click('form[action$="/register"] button');
  await walk.judge('Register');
  demand(await page.locator('.problems').count() === 1, 'no ticket is chosen');
  await walk.isTold();
  // Two places of the first kind that is for sale.
  await page.locator('select:has(option[value="2"])').first().selectOption('2');
  await page.click('main button[value=people]');
  await walk.judge('Who is coming?');
  demand(await page.locator('fieldset.place').count() === 2, 'two places');
  for (const address of ['/nowhere', '/events/demo/nothing', '/order/nonsense', '/confirm/nonsense']) {
    const answer = await page.goto(base + address);
    demand(answer.status() === 404, `${address} answers ${answer.status()}`);
  }
  for (const address of ['/sign-in/x', '/claim/x', '/address/x', '/thanks']) {
    await page.goto(base + address);
    await walk.judge('');
  }
}

// Somebody signs in by a link, looks at what is theirs, lets a partner have something and takes it back.
async function account(walk, page, press, type, attendee) {
  await page.goto(`${base}/me`);
  await walk.judge('Sign in');
  await type('#email', attendee.email);
  await press('main form button');
  await walk.judge('Look into your mailbox');
  await page.goto(attendee.signInUrl);
  await walk.judge('Sign in');
  await press('button[name=first]');
  await walk.judge('My registrations');
  await press('.card.link a');
  await walk.judge('');
  const place = page.url();
  await walk.prints(['h1', 'main .facts'], ['header', 'footer', 'main button', 'main .button', '#decide']);
  await press('a[href$="/details"]');
  await walk.judge('Correct your details');
  await type('[name=company]', ' & Töchter');
  await page.evaluate(() => { document.getElementById('details').noValidate = true; });
  await press('#details button[value=save]');
  await walk.judge('');
  demand((await page.locator('[role=status]').textContent()).includes('Saved'), 'it is not saved');
  demand((await page.locator('.facts').first().textContent()).includes('& Töchter'), 'what was saved is not shown');
  // Whatever is shared is taken back by one press.
  if (await page.locator('[name=withdraw-all]').count() > 0) {
    await press('[name=withdraw-all]');
    await walk.judge('');
  }
  demand(await page.locator('[name=withdraw]').count() === 0, 'something is still shared');
  demand(await page.locator('main :checked').count() === 0, 'something comes ticked');
  await press('button[name=share]');
  await walk.judge('');
  if (await page.locator('[name=age]').count() > 0) {
    await press('[name=age][value=yes]');
    await press('button[name=share]');
    await walk.judge('');
  }
  demand(await page.locator('[name=withdraw]').count() === 1, 'exactly one offer is given');
  await press('button[name=withdraw]');
  await walk.judge('');
  demand(await page.locator('[name=withdraw]').count() === 0, 'it is taken back');
  await page.goto(`${base}/me`);
  await press('a[href^="/me/data/"]');
  await walk.judge('Who has my data');
  const data = page.url();
  for (const format of ['json', 'csv']) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(`button[name=format][value=${format}]`)]);
    demand(file.suggestedFilename().endsWith(`.${format}`) && await file.failure() === null, `there is no copy as ${format}`);
  }
  await page.goto(`${data}/erasure`);
  await walk.judge('Be forgotten');
  await page.goto(`${base}/me/sessions`);
  await walk.judge('Where you are signed in');
  await page.goto(`${place}?language=de`);
  await walk.judge('');
  demand(/Ihr Platz/.test(await page.locator('main').textContent()), 'it is not in German');
  await page.goto(`${base}/me?language=en`);
  await press('.places button');
  await walk.judge('Events');
  await page.goto(place);
  await walk.judge('Sign in');
}

// The page of a webinar's personal link waits, and says who runs the room.
async function wait(walk, page) {
  const query = '{ me { people { registrations(first: 9) { edges { node { joinUrl } } } } } }';
  for (const attendee of demo.attendees) {
    const headers = { authorization: `Bearer ${attendee.accessToken}` };
    const answer = await page.request.post(`${base}/graphql`, { data: { query }, headers });
    const places = (await answer.json()).data.me.people.flatMap((person) => person.registrations.edges.map((edge) => edge.node));
    const found = places.find((place) => place.joinUrl);
    if (found) {
      await page.goto(found.joinUrl);
      await walk.judge('Consent in practice');
      demand(/The room opens|The room is open/.test(await page.textContent('main')), 'it is not said when the room opens');
      return;
    }
  }
  throw new Error('nobody has a place in the webinar');
}

// The same person administers the partner: asks for something more, takes it back, and issues a token for a program.
async function ask(walk, page, address) {
  const press = pressing(page);
  await page.goto(address);
  await press('main nav a[href$="/-/offers"]');
  await walk.judge('What we ask');
  await press('a[href$="/related-events"]');
  const purpose = (await page.locator('h1').textContent()).trim();
  await walk.judge(purpose);
  await page.check('input[name=field][value=EMAIL]');
  await page.fill('[id="text.en"]', '');
  await page.fill('[id="text.de"]', '');
  await page.fill('#days', '45');
  await press('button[value=ask]');
  await walk.judge(purpose);
  demand(await page.locator('[id="text.en-error"]').isVisible(), 'a request without a text was taken');
  demand(await page.inputValue('#days') === '45', 'what was typed is lost');
  await page.fill('[id="text.en"]', 'May we tell you of our other events?');
  await press('button[value=save]');
  await walk.judge(purpose);
  demand((await page.locator('[role=status]').textContent()).includes('Saved'), 'it is not said what was done');
  await press('button[value=ask]');
  await walk.judge(purpose);
  demand(await page.locator('button[value=ask]').count() === 0, 'two requests can wait at once');
  await page.locator('section details summary').first().click();
  await walk.judge(purpose);
  await press('button[value=withdraw]');
  await walk.judge(purpose);
  await page.goto(`${address}/-/tokens`);
  await walk.judge('Tokens');
  await press('main nav a.button');
  await walk.judge('Issue a token');
  await page.fill('#name', 'Their CRM');
  await press('#token button:not(.second)');
  await walk.judge('Your new token');
  const secret = await page.locator('code').first().textContent();
  await copies(walk, page, secret);
  const answer = await page.request.post(`${base}/graphql`, {
    data: { query: '{ partner { token { name } } }' }, headers: { authorization: `Bearer ${secret}` },
  });
  demand((await answer.text()).includes('Their CRM'), 'the token does not work');
  await page.goto(`${address}/-/tokens`);
  await page.locator('section.card details summary').first().click();
  await walk.judge('Tokens');
  await press('button.danger >> visible=true');
  await walk.judge('Tokens');
}

// Somebody of a partner's staff signs in, looks at what attendees allowed, and takes it along.
async function read(walk, page) {
  const press = pressing(page);
  await enter(walk, page, demo.partnerStaff[0].signInUrl);
  await press('main a[href="/partner"]');
  const address = page.url();
  for (const [scheme, width] of [['light', 1280], ['dark', 360]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(address);
    const partner = (await page.locator('h1').textContent()).trim();
    await walk.judge(partner);
    for (const code of await page.locator('details summary').all()) await code.click();
    await walk.judge(partner);
    await press('.purpose a.button');
    await walk.judge('Leads');
    const rows = await page.locator('tbody tr').count();
    demand(rows > 0, 'nobody allowed anything');
    await page.selectOption('#sort', 'newest');
    await page.fill('#words', 'nobody is called so');
    await press('.filters button');
    await walk.judge('Leads');
    demand(await page.locator('tbody tr').count() === 0, 'somebody is found');
    await press('main .card a[href*="sort=newest"]');
    demand(await page.locator('tbody tr').count() === rows, 'the way out does not lead back');
    demand(await page.locator('th[aria-sort=descending]').count() === 1, 'it is not said what the leads are sorted by');
    const known = (await page.locator('tbody tr:first-child td bdi').first().textContent()).trim();
    await page.fill('#words', known);
    await press('.filters button');
    await walk.judge('Leads');
    demand((await page.locator('tbody').textContent()).includes(known), 'what is shown is not found');
    await page.selectOption('#preset', 'salesforce');
    const take = async () => (await Promise.all([page.waitForEvent('download'), page.click('section[aria-labelledby=take] button')]))[0];
    const file = await take();
    const text = fs.readFileSync(await file.path(), 'utf8');
    demand(file.suggestedFilename() === 'leads.csv' && text.startsWith('FirstName,LastName,'), 'it is no file of leads');
    demand(text.trim().split('\r\n').length > rows, 'the file lacks some');
    // The page is still there, and another file is asked for on it at once.
    await page.selectOption('#format', 'xlsx');
    demand((await take()).suggestedFilename() === 'leads.xlsx', 'there is only one file a page');
    await ask(walk, page, address);
  }
}

// The same with nothing but links, boxes and buttons: looking somebody up, and taking the list along.
async function readOtherwise(walk, page, press, type) {
  await enter(walk, page, demo.partnerStaff[0].signInUrl);
  await press('main a[href="/partner"]');
  await walk.judge('');
  await press('.purpose a.button');
  await walk.judge('Leads');
  const known = (await page.locator('tbody tr:first-child td bdi').first().textContent()).trim();
  await type('#words', known);
  await press('.filters button');
  await walk.judge('Leads');
  const rows = await page.locator('tbody tr').count();
  demand(rows > 0 && (await page.locator('tbody').textContent()).includes(known), 'what is shown is not found');
  const taken = page.waitForEvent('download');
  if (walk.options.javaScriptEnabled === false) await page.locator('section[aria-labelledby=take] button').click();
  else {
    await walk.reach('section[aria-labelledby=take] button');
    await page.keyboard.press('Enter');
  }
  const text = fs.readFileSync(await (await taken).path(), 'utf8');
  demand(text.trim().split('\r\n').length > rows, 'the file lacks some');
}

// Somebody of the team sets an authenticator and a password up, signs in with them, and does without again.
async function lock(walk, page) {
  const press = pressing(page);
  const somebody = demo.staff.find((one) => one.role === 'VIEWER');
  await enter(walk, page, somebody.signInUrl);
  await press('main a[href="/me/security"]');
  await walk.judge('How you sign in');
  await press('a[href="/me/security/authenticator"]');
  await walk.judge('Set up an authenticator');
  await press('button[name=go]');
  await walk.judge('Set up an authenticator');
  const secret = (await page.locator('main code').textContent()).replaceAll(' ', '');
  await page.fill('#code', 'no code');
  await page.fill('#password', 'password1234');
  await press('button[name=go]');
  await walk.judge('');
  demand(await page.locator('#password-error').isVisible(), 'a weak password is not refused');
  const password = `vier blaue Elche im Schrank ${walk.name.length}`;
  await page.fill('#code', shownBy(secret));
  await page.fill('#password', password);
  await press('button[name=go]');
  await walk.judge('Recovery codes');
  const codes = await page.locator('.codes code').allTextContents();
  demand(codes.length === 10, 'there are no recovery codes');
  await press('.onward a');
  await press('.places button');
  await page.goto(`${base}/sign-in`);
  await walk.judge('Sign in');
  await page.click('#with-password summary');
  await page.fill('#account', somebody.email);
  await page.fill('#password', 'not this one');
  await page.fill('#with-password [name=code]', codes[0]);
  await press('button[name=enter]');
  await walk.judge('Sign in');
  demand(await page.locator('#account-error').isVisible(), 'nothing is said of a wrong password');
  await walk.isTold();
  await page.fill('#password', password);
  await page.fill('#with-password [name=code]', codes[0]);
  await press('button[name=enter]');
  await walk.judge('My registrations');
  signedIn.set(somebody.signInUrl, await walk.context.cookies());
  for (const [part, title] of [['password', 'Password'], ['codes', 'Recovery codes'], ['authenticator', 'Take another authenticator'], ['off', 'Do without']]) {
    await page.goto(`${base}/me/security/${part}`);
    await walk.judge(title);
  }
  await page.fill('#code', codes[1]);
  await press('button[name=go]');
  await walk.judge('How you sign in');
  demand(await page.locator('a[href="/me/security/off"]').count() === 0, 'it is still asked for');
}

// An organizer says who reads for a partner.
async function readers(walk, page) {
  const press = pressing(page);
  const email = `reads-${page.viewportSize().width}@partner.example`;
  await enter(walk, page, demo.organizer.signInUrl);
  await page.goto(`${base}/manage/demo/-/partners`);
  await page.locator('.cards a.quiet').first().click();
  await press('a[href$="/staff"]');
  await walk.judge('Who reads for');
  await page.fill('#email', email);
  await page.fill('#ends', '2001-01-01');
  await press('#invite .actions button');
  await walk.judge('Who reads for');
  demand(await page.locator('#ends-error').isVisible(), 'that day is over');
  demand(await page.inputValue('#email') === email, 'the address is lost');
  await page.fill('#ends', '');
  await press('#invite .actions button');
  await walk.judge('Who reads for');
  demand((await page.locator('[role=status]').textContent()).includes('Invited'), 'it is not said what was done');
  const one = page.locator('.cards li', { hasText: email });
  await one.locator('summary').click();
  await walk.judge('Who reads for');
  await Promise.all([page.waitForNavigation(), one.locator('button[name=remove]').click()]);
  await walk.judge('Who reads for');
  demand(await page.locator('.cards li', { hasText: email }).count() === 0, 'they are still there');
}

// An organizer decides what partners may ask, and adds one.
async function partners(walk, page) {
  const press = pressing(page);
  await enter(walk, page, demo.organizer.signInUrl);
  const list = `${base}/manage/demo/rust-days/partners`;
  await page.goto(`${base}/manage/demo/rust-days`);
  await walk.judge('Rust');
  const waits = page.locator('.note.warn a[href*="/offers/"]');
  if (await waits.count() > 0) await waits.first().click();
  else {
    await page.goto(list);
    await press('.cards .card h3 a');
    await press('.card.link h3 a[href*="/offers/"]');
  }
  await walk.judge(':');
  const offer = page.url().split('?')[0];
  demand(await page.locator('.thirds > *').count() === 3, 'what was asked, what is read, and what it changes');
  demand(await page.locator('.read .gives').isDisabled(), 'the card is no form here');
  await press('.read details summary');
  await walk.judge(':');
  if (await page.locator('button[value=reject]').count() > 0) {
    await press('button[value=reject]');
    await walk.judge(':');
    demand((await page.locator('[role=status]').textContent()).includes('Attendees never see it'), 'it is not said what was done');
  }
  // Another version, with a mistake first.
  await press('a[href$="/revise"]');
  await walk.judge('Ask for something else');
  await page.evaluate(() => { document.getElementById('wish').noValidate = true; });
  await page.fill('[name=days]', '0');
  await press('#wish .actions button');
  await walk.judge('Ask for something else');
  demand(await page.locator('#days-error').count() === 1, 'the error stands at its field');
  await page.fill('[name=days]', '45');
  await page.locator('[name=field][value=PHONE]').check();
  await press('#wish .actions button');
  await walk.judge(':');
  demand(page.url().startsWith(offer), 'it leads to the decision');
  for (const [scheme, width] of [['light', 1280], ['dark', 360]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(offer);
    await walk.judge(':');
    const partner = offer.split('/offers/')[0];
    for (const [path, title] of [[list, 'Partners'], [partner, ''], [`${partner}/change`, 'Change a partner'], [`${partner}/offers/new`, 'Request something'],
      [`${list}/new`, 'Add a partner'], [`${base}/manage/demo/-/partners`, 'Partner companies'], [`${base}/manage/demo/-/partners/new`, 'Add a company'],
      [`${base}/manage/demo/fair/partners`, 'Partners']]) {
      await page.goto(path);
      await walk.judge(title);
    }
    demand(await page.locator('.cards .card').count() === 30, 'thirty partners');
    await press('.cards .card h3 a');
    await walk.judge('');
    await page.goto(`${page.url()}/tokens/new`);
    await walk.judge('Issue a token');
  }
  await page.fill('#name', 'CRM');
  await press('#token .actions button');
  await walk.judge('');
  demand((await page.locator('#tokens').count()) === 1 && (await page.locator('main').textContent()).includes('Not fetched yet'), 'the token is not there');
  await page.goto(offer);
  await press('button[value=approve]');
  await walk.judge(':');
  demand((await page.locator('[role=status]').textContent()).includes('Whoever registers from now on is asked'), 'it is not said what was done');
  await page.goto(`${offer}?language=de`);
  await walk.judge(':');
  await page.goto(`${list}?language=en`);
}

(async () => {
  await new Walk('Registering with a mouse', desktop).run((walk, page) => register(walk, page, ...clicking(page)));
  await new Walk('Registering on a phone in the dark, without JavaScript', { ...phone, javaScriptEnabled: false })
    .run((walk, page) => register(walk, page, ...clicking(page)));
  await new Walk('Registering with the keyboard alone, zoomed to 200 %', zoomed).run((walk, page) => register(walk, page, ...keys(walk, page)));
  await new Walk('Thirty partners with a mouse', desktop).run(fair);
  await new Walk('Thirty partners on a phone in the dark, without JavaScript', { ...phone, javaScriptEnabled: false }).run(fair);
  await new Walk('What is mine, with a mouse', desktop).run((walk, page) => account(walk, page, ...clicking(page), demo.attendees[0]));
  await new Walk('What is mine, on a phone in the dark, without JavaScript', { ...phone, javaScriptEnabled: false })
    .run((walk, page) => account(walk, page, ...clicking(page), demo.attendees[1]));
  await new Walk('What is mine, with the keyboard alone, zoomed to 200 %', zoomed)
    .run((walk, page) => account(walk, page, ...keys(walk, page), demo.attendees[2]));
  await new Walk('How one signs in', desktop).run(lock);
  await new Walk('How one signs in, on a phone in the dark, without JavaScript', { ...phone, javaScriptEnabled: false }).run(lock);
  await new Walk('Reading for a partner', desktop).run(read);
  await new Walk('Reading for a partner on a phone in the dark, without JavaScript', { ...phone, javaScriptEnabled: false })
    .run((walk, page) => readOtherwise(walk, page, ...clicking(page)));
  await new Walk('Reading for a partner with the keyboard alone, zoomed to 200 %', zoomed).run((walk, page) => readOtherwise(walk, page, ...keys(walk, page)));
  await new Walk('Who reads for a partner', desktop).run(readers);
  await new Walk('Who reads for a partner, without JavaScript', { ...phone, javaScriptEnabled: false }).run(readers);
  await new Walk('Partners and what they may ask, with a mouse', desktop).run(partners);
  await new Walk('Partners and what they may ask, without JavaScript', { ...phone, javaScriptEnabled: false }).run(partners);
  await new Walk('Waiting for a room, on a phone in the dark', phone).run(wait);
  for (const [name, options] of [['light', desktop], ['dark', phone]]) {
    await new Walk(`Other pages, ${name}`, options).run(others);
    await new Walk(`Paying, ${name}`, options).run(pay);
  }
  finish();
})().catch(finish);
