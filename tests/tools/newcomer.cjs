// From `consentry init` to the first leads in the portal, with mails that arrive and a card that pays: an owner sets everything
// up, somebody registers, pays and decides, somebody younger does and a guardian decides, and the partner's staff reads both.
// On the way whatever a mail leads to: a partner's token, a webinar's room, another mailbox.
//
//     node tests/tools/newcomer.cjs http://127.0.0.1:8080 FOLDER FACTS.JSON
//
// FACTS.JSON: { link, stripe: { base, secretKey, webhookSecret } }. FOLDER/mails gets each mail as <number>.json with to and text;
// FOLDER/webhook is written as soon as it is known where events of payments are to go. Ends with 1 at the first thing that is wrong.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { Walk, demand, pressing, shownBy, finish, base, folder, facts } = require('./walk.cjs');

const desktop = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const mails = path.join(folder, 'mails');
const adult = { name: 'Ada Newcomer', email: 'ada@people.example' };
const child = { name: 'Kim Newcomer', email: 'kim@people.example', guardian: 'parent@people.example' };
const guest = { name: 'Eve Newcomer', email: 'eve@people.example' };
const later = 'ada.elsewhere@people.example';
const reader = 'reads@nightly.example';
const contact = 'contact@nightly.example';

// The newest mail to somebody that says this; what the words are followed by.
async function mailed(to, words) {
  for (let waited = 0; waited < 300; waited += 1) {
    const numbers = fs.readdirSync(mails).filter((name) => name.endsWith('.json')).map((name) => parseInt(name, 10)).sort((a, b) => b - a);
    for (const number of numbers) {
      const mail = JSON.parse(fs.readFileSync(path.join(mails, `${number}.json`), 'utf8'));
      const found = mail.to.includes(to) && words.exec(mail.text);
      if (found) return found[0];
    }
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`no mail to ${to} says ${words}`);
}

const link = (kind) => new RegExp(`${base}/${kind}/[^\\s]+`);

// Follows a link that signs in.
async function enter(walk, page, address) {
  await page.goto(address);
  await walk.judge('Sign in');
  await pressing(page)('button[name=first]');
  await walk.judge('My registrations');
}

async function save(page, form) {
  await pressing(page)(`${form} .actions button`);
}

async function authenticator(walk, page) {
  const press = pressing(page);
  await press('main a[href="/me/security"]');
  await press('a[href="/me/security/authenticator"]');
  await press('button[name=go]');
  const secret = (await page.locator('main code').textContent()).replaceAll(' ', '');
  await page.fill('#code', shownBy(secret));
  await press('button[name=go]');
  await walk.judge('Recovery codes');
}

// Who we are, and where the money goes.
async function organization(walk, page) {
  const press = pressing(page);
  await page.goto(`${base}/manage`);
  if (await page.locator('.first-steps').count() === 0) await press('main .cards a');
  await walk.judge('');
  const organizer = new URL(page.url()).pathname.split('/')[2];
  const manage = `${base}/manage/${organizer}`;
  await press('.first-steps a[href$="/-/settings"]');
  await page.fill('#name', 'Newcomers');
  await page.fill('#legalName', 'Newcomers e.V.');
  await page.fill('#contactEmail', 'hello@newcomers.example');
  await page.fill('#dataProtectionContact', 'privacy@newcomers.example');
  await save(page, '#edit');
  await walk.judge('Organization');
  await page.goto(`${manage}/-/payments`);
  await press('section[aria-labelledby=stripe] a.button');
  await page.fill('[id="stripe.secretKey"]', facts.stripe.secretKey);
  await save(page, '#edit');
  await walk.judge('Ways of paying');
  const hook = (await page.locator('section[aria-labelledby=stripe] dd.mono').allTextContents()).find((text) => text.startsWith('http'));
  demand(hook, 'it is not said where events of payments go');
  fs.writeFileSync(path.join(folder, 'webhook.part'), hook);
  fs.renameSync(path.join(folder, 'webhook.part'), path.join(folder, 'webhook'));
  await press('section[aria-labelledby=stripe] a.button');
  await page.fill('[id="stripe.webhookSecret"]', facts.stripe.webhookSecret);
  await save(page, '#edit');
  await walk.judge('Ways of paying');
  return { organizer, manage };
}

// An event with everything that it needs: a paid one in a hall, or a free one in a room elsewhere.
async function event(walk, page, manage, { title, room }) {
  const press = pressing(page);
  await page.goto(`${manage}/-/new`);
  await page.fill('[id="title.en"]', title);
  if (room) {
    await page.selectOption('#kind', 'WEBINAR');
    await page.fill('#joinUrl', room);
  } else await page.fill('[id="venue.name"]', 'Town hall');
  await save(page, '#edit');
  await walk.judge(title);
  const overview = page.url().split('?')[0];
  for (const kind of ['terms', 'privacy-notice']) {
    await page.goto(overview);
    await press(`a[href$="/documents/${kind}"]`);
    await page.fill('[id="title.en"]', 'What holds');
    await page.fill('[id="content.en"]', 'Be kind to each other.');
    await save(page, '#edit');
    await walk.judge('Documents');
  }
  await page.goto(overview);
  await press('a[href$="/tickets/new"]');
  if (!room) await page.fill('#price', '25');
  await save(page, '#edit');
  await walk.judge('Tickets and places');
  return overview;
}

// A company that asks for something, and somebody who reads for it.
async function partner(walk, page, manage, overview) {
  const press = pressing(page);
  await page.goto(`${overview}/partners/new`);
  await press('main a[href*="/-/partners/new?event="]');
  await page.fill('#name', 'Nightly Builds');
  await page.fill('#legal', 'Nightly Builds GmbH');
  await page.selectOption('#country', 'DE');
  await page.fill('#contact', contact);
  await save(page, '#company');
  await walk.judge('Add a partner');
  await page.selectOption('#role', 'EXHIBITOR');
  await page.fill('#notice', 'https://nightly.example/privacy');
  await page.setInputFiles('[name=noticeFile]', { name: 'notice.txt', mimeType: 'text/plain', buffer: Buffer.from('What we do with it.') });
  await save(page, '#add');
  await walk.judge('Nightly Builds');
  await press('a[href$="/offers/new"]');
  await page.selectOption('#purpose', 'EVENT_FOLLOW_UP');
  for (const field of ['FULL_NAME', 'EMAIL']) await page.check(`[name=field][value=${field}]`);
  await page.fill('[id="text.en"]', 'May we write to you about what you saw at our stand?');
  await save(page, '#wish');
  await walk.judge('Nightly Builds');
  await press('button[value=approve]');
  await walk.judge('Nightly Builds');
  await page.goto(`${page.url().split('/offers/')[0]}/tokens/new`);
  await page.fill('#name', 'Their CRM');
  await save(page, '#token');
  await page.goto(overview);
  await press('button[name=publish]');
  await walk.judge('First Meeting');
  await page.goto(`${manage}/-/partners`);
  await press('.cards li:has-text("Nightly Builds") a.quiet');
  await press('a[href$="/staff"]');
  await page.fill('#email', reader);
  await save(page, '#invite');
  await walk.judge('Who reads for');
}

async function share(walk, page, person) {
  await walk.judge('Who may know what?');
  await page.check('.gives');
  await page.check(`[name=age][value=${person.guardian ? 'no' : 'yes'}]`);
  if (person.guardian) {
    await page.fill('[name="guardian.name"]', 'Pat Newcomer');
    await page.fill('[name="guardian.email"]', person.guardian);
  }
  await pressing(page)('main button[value=summary]');
}

// Somebody takes a place, and lets the partner have their details, where one asks; to the order's page.
async function register(walk, page, organizer, person, slug = 'first-meeting') {
  const press = pressing(page);
  await page.goto(`${base}/events/${organizer}/${slug}`);
  await walk.judge('First ');
  await press('form[action$="/register"] button');
  await page.fill('[name="buyer.name"]', person.name);
  await page.fill('[name="buyer.email"]', person.email);
  for (const one of await page.locator('input[name^="doc."]').all()) await one.check();
  await press('main button[value=sharing]');
  if (slug === 'first-meeting') await share(walk, page, person);
  await walk.judge('Everything once more');
  await press('button[value=order]');
  await walk.judge('Order ');
}

// At Stripe's page: a card that is declined, then one that is good.
async function pay(walk, page) {
  const press = pressing(page);
  const order = page.url();
  walk.elsewhere = facts.stripe.base;
  await press('main form button[name=first]');
  demand(page.url().startsWith(`${facts.stripe.base}/pay/`), `it leads to ${page.url()}`);
  demand((await page.textContent('#amount')).includes('25.00'), 'another amount');
  await press('button[value=decline]');
  await press('button[value=pay]');
  await walk.judge('Thank you');
  await page.goto(order);
  for (let looks = 0; looks < 50 && !/confirmed/i.test(await page.textContent('main')); looks += 1) {
    await page.waitForTimeout(200);
    await page.goto(order);
  }
  await walk.judge('Order ');
  const text = await page.textContent('main');
  demand(/confirmed/i.test(text) && await page.locator('main form button[name=first]').count() === 0, `it is not paid: ${text}`);
}

// Where the mail leads: the box comes empty again, and counts once it is ticked. Where a guardian decides, it is theirs to tick.
async function confirm(walk, page, person) {
  const press = pressing(page);
  await page.goto(await mailed(person.email, link('confirm')));
  await walk.judge('');
  demand(await page.locator('main :checked').count() === 0, 'something comes ticked');
  demand((await page.locator('.gives').count() === 0) === Boolean(person.guardian), 'the wrong one is asked');
  if (!person.guardian) {
    await page.check('.gives');
    // Without an age: what is missing is said, and what was ticked stays.
    await press('button[name=first]');
    await walk.judge('');
    await walk.isTold();
    demand(await page.isChecked('.gives'), 'the tick is lost');
    await page.check('[name=ofAge]');
  }
  await press('button[name=first]');
  await walk.judge('Thank you');
}

async function decideForTheChild(walk, page) {
  const press = pressing(page);
  await page.goto(await mailed(child.guardian, link('guardian')));
  await walk.judge('');
  const text = await page.textContent('main');
  demand(text.includes(child.name) && text.includes('Nightly Builds'), 'it is not said what is decided');
  demand(await page.locator('main :checked').count() === 0, 'something comes ticked');
  await page.check('.gives');
  await press('button[name=first]');
  await walk.judge('Thank you');
}

// A partner's program: the mail to the company's contact leads to its token, which is shown once and works.
async function claim(walk, page) {
  const press = pressing(page);
  const address = await mailed(contact, link('claim'));
  await page.goto(address);
  await walk.judge('Your partner token');
  demand(await page.locator('main code').count() === 0, 'whatever looks at the link sees the token');
  await press('button[name=first]');
  await walk.judge('Your partner token');
  const headers = { authorization: `Bearer ${await page.locator('main code').textContent()}` };
  const answer = await page.request.post(`${base}/graphql`, { headers, data: { query: '{ partner { token { name } } }' } });
  demand((await answer.text()).includes('Their CRM'), `the token does not work: ${await answer.text()}`);
  await page.goto(address);
  await press('button[name=first]');
  await walk.judge('This link does not work');
}

// The webinar begins in a few minutes.
async function hurry(walk, page, overview) {
  await page.goto(`${overview}/setup`);
  const timeZone = await page.inputValue('#timeZone');
  for (const [field, minutes] of [['#startsLocal', 10], ['#endsLocal', 70]]) {
    const when = new Date(Date.now() + minutes * 60_000).toLocaleString('sv-SE', { timeZone });
    await page.fill(field, when.slice(0, 16).replace(' ', 'T'));
  }
  await save(page, '#edit');
  await walk.judge('Details');
  demand((await page.locator('[role=status]').textContent()).includes('Saved'), 'it is not moved');
}

// A place in a webinar: its link waits, and then leads into the room, which learns nothing of where one comes from.
async function join(walk, page, { overview, organizer, room, referrers, cookies }) {
  const press = pressing(page);
  await register(walk, page, organizer, guest, 'first-webinar');
  await page.goto(await mailed(guest.email, link('join')));
  await walk.judge('First Webinar');
  demand((await page.textContent('main')).includes('The room opens') && await page.locator('main button').count() === 0, 'it does not wait');
  await new Walk('Moving the webinar', desktop).run(async (moving, tab) => {
    await moving.context.addCookies(cookies);
    await hurry(moving, tab, overview);
  });
  await press('main a[href="?"]');
  await walk.judge('First Webinar');
  demand((await page.textContent('main')).includes('The room is open'), 'it is not open');
  walk.elsewhere = new URL(room).origin;
  await press('button[name=first]');
  demand(page.url() === room && referrers.join() === '', `it leads to ${page.url()}, from ${referrers}`);
}

// Another mailbox: it counts once the link in its mail is pressed, and then it is the one to sign in with.
async function changeMailbox(walk, page) {
  const press = pressing(page);
  const signIn = async (email) => {
    await page.goto(`${base}/sign-in`);
    await page.fill('#email', email);
    await press('main form button');
    await enter(walk, page, await mailed(email, link('sign-in')));
    await press('.card.link a');
  };
  await signIn(adult.email);
  await press('a[href$="/details"]');
  await page.fill('[name=email]', later);
  await press('#details button[value=save]');
  await walk.judge('First Meeting');
  const address = await mailed(later, link('address'));
  await page.goto(address);
  await walk.judge('Confirm your new address');
  await press('button[name=first]');
  await walk.judge('Thank you');
  await page.goto(`${base}/me`);
  await press('.places button');
  await signIn(later);
  await walk.judge('First Meeting');
  demand((await page.textContent('main')).includes(later), 'the place has the old address');
}

// The names of the leads that are shown.
async function leads(walk, page) {
  const press = pressing(page);
  await page.goto(`${base}/me`);
  await press('main a[href="/partner"]');
  await press('.purpose a.button');
  await walk.judge('Leads');
  return page.locator('tbody').textContent();
}

(async () => {
  let at;
  // The room is run by somebody else.
  const referrers = [];
  const elsewhere = http.createServer((request, answer) => {
    if (request.url === '/room') referrers.push(request.headers.referer);
    answer.writeHead(200, { 'Content-Type': 'text/html', Connection: 'close' }).end('<!doctype html><title>A room</title>');
  });
  await new Promise((resolve) => { elsewhere.listen(0, '127.0.0.1', resolve); });
  const room = `http://127.0.0.1:${elsewhere.address().port}/room`;
  await new Walk('Setting up', desktop).run(async (walk, page) => {
    await enter(walk, page, facts.link);
    await authenticator(walk, page);
    at = { ...await organization(walk, page), room, referrers };
    const overview = await event(walk, page, at.manage, { title: 'First Meeting' });
    await partner(walk, page, at.manage, overview);
    at.overview = await event(walk, page, at.manage, { title: 'First Webinar', room: at.room });
    await page.goto(at.overview);
    await pressing(page)('button[name=publish]');
    await walk.judge('First Webinar');
    at.cookies = await walk.context.cookies();
  });
  await new Walk('Fetching a token', desktop).run(claim);
  await new Walk('Joining a webinar', phone).run((walk, page) => join(walk, page, at));
  elsewhere.close();
  await new Walk('Registering, paying and deciding', phone).run(async (walk, page) => {
    await register(walk, page, at.organizer, adult);
    await pay(walk, page);
    await confirm(walk, page, adult);
  });
  await new Walk('Reading the first lead', desktop).run(async (walk, page) => {
    await enter(walk, page, await mailed(reader, link('sign-in')));
    demand((await leads(walk, page)).includes(adult.email), 'the lead is not there');
    // Somebody younger, without JavaScript, and a guardian elsewhere: nothing is shared before the guardian agreed.
    await new Walk('Registering when one is young', { ...phone, javaScriptEnabled: false }).run(async (young, tab) => {
      await register(young, tab, at.organizer, child);
      await pay(young, tab);
      await confirm(young, tab, child);
    });
    demand(!(await leads(walk, page)).includes(child.email), 'a child is shared without its guardian');
    await new Walk('Deciding for a child', phone).run(decideForTheChild);
    demand((await leads(walk, page)).includes(child.email), 'what the guardian allowed is not there');
  });
  await new Walk('Another mailbox', phone).run(changeMailbox);
  finish();
})().catch(finish);
