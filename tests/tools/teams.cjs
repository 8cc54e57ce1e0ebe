// Walks through the pages of a demo in Chromium as people do; every page on the way is judged, see walk.cjs. Here: whoever works
// for an organization.
//
//     node tests/tools/teams.cjs http://127.0.0.1:8080 FOLDER DEMO.JSON
//
// FOLDER is for profiles; DEMO.JSON is what the demo wrote, with links to sign in. Prints each walk and how many pages it judged;
// ends with 1 at the first thing that is wrong.
'use strict';

const {
  Walk, base, copies, demand, desktop, enter, facts: demo, finish, keys, phone, pressing, zoomed,
} = require('./walk.cjs');

// An organizer looks how the event stands, finds somebody, lets them in, takes a list along.
async function organize(walk, page) {
  await enter(walk, page, demo.organizer.signInUrl);
  await page.click('a[href="/manage"]');
  await walk.judge('');
  await page.click('a[href$="/rust-days"]');
  await walk.judge('Rust');
  const manage = page.url();
  for (const [scheme, width] of [['light', 1280], ['dark', 360]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    for (const [part, title] of [['', 'Rust'], ['/roster', 'Roster'], ['/badges', 'Badges'], ['/orders', 'Orders'], ['/door', 'Check-in']]) {
      await page.goto(manage + part);
      await walk.judge(title);
    }
    await page.goto(`${manage}/orders`);
    await page.click('.list a');
    await walk.judge('Order ');
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${manage}/roster?status=CONFIRMED`);
  await walk.judge('Roster');
  await walk.prints(['h1', 'tbody th'], ['header', 'footer', '.parts', '.views', '.filters', '.pages', 'main button', 'main input', '#take']);
  await page.click('a[rel=next]');
  await walk.judge('Roster');
  demand(page.url().includes('status=CONFIRMED'), 'the filter is lost on the next page');
  demand(await page.locator('tbody tr').count() > 0, 'the next page is empty');
  await page.fill('#words', 'nobody is called so');
  await page.click('.filters button');
  await walk.judge('Roster');
  demand(await page.locator('tbody tr').count() === 0, 'somebody is found');
  await page.goto(`${manage}/roster`);
  await page.fill('#purpose', 'Badges');
  await Promise.all([page.waitForNavigation(), page.click('section[aria-labelledby=take] button')]);
  await walk.judge('A list that was taken along');
  for (const [way, name] of [['main a[download]', 'roster.csv'], ['main a[download][href$=".xlsx"]', 'roster.xlsx']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator(way).first().click()]);
    demand(download.suggestedFilename() === name, 'the list has no name');
    demand(await download.failure() === null, 'the list broke off');
  }
  // The page says so by itself.
  await page.locator('[data-progress]', { hasText: 'It was fetched as a whole' }).waitFor();
  await page.setViewportSize({ width: 360, height: 900 });
  await walk.judge('A list that was taken along');
  await page.setViewportSize({ width: 1280, height: 900 });
  // A sheet comes out of the printer as large as the paper is, in points; and each badge as large as its label.
  for (const [paper, labels, width, height] of [['a4', 10, 595, 842], ['letter', 8, 612, 792], ['a6', 1, 298, 420], ['roll', 1, 283, 176]]) {
    await page.goto(`${manage}/badges?paper=${paper}`);
    const printed = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
    const boxes = [...printed.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    const badges = await page.locator('.badge').count();
    demand(badges === 40 && boxes.length === Math.ceil(badges / labels), `${paper}: ${boxes.length} pages for ${badges} badges`);
    for (const box of boxes) demand(Math.abs(box[1] - width) < 1 && Math.abs(box[2] - height) < 1, `${paper}: a page of ${box[1]} × ${box[2]}`);
  }
  await keepView(walk, page, manage);
  await page.goto(`${manage}/door`);
  await page.fill('#code', 'NO SUCH CODE');
  await page.keyboard.press('Enter');
  await page.locator('.outcome').waitFor();
  await walk.judge('Check-in');
  demand((await page.locator('.outcome').textContent()).includes('Nobody knows this code'), 'the reason is not said');
  await page.fill('#words', 'people example');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await walk.judge('Check-in');
  demand(await page.locator('.found li').count() === 10, 'not ten are found by name');
}

// The code of a ticket that is still to be used, and its event: asked for before a walk signs anybody out.
let ticket;

async function findTicket() {
  const query = '{ me { people { registrations(first: 9) { edges { node { checkInCode status event { slug endsAt } } } } } } }';
  for (const attendee of demo.attendees.slice(3)) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${attendee.accessToken}` };
    const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    const { data } = await answer.json();
    const places = data.me.people.flatMap((person) => person.registrations.edges.map((edge) => edge.node));
    const found = places.find((place) => place.status === 'CONFIRMED' && new Date(place.event.endsAt) > new Date());
    if (found) return { code: found.checkInCode, event: found.event.slug };
  }
  throw new Error('nobody has a ticket for an event to come');
}

// An owner adds a device on a phone; another browser opens its link, lets somebody in, and is shut off.
async function devices(walk, page) {
  const press = pressing(page);
  const { code, event } = ticket;
  await enter(walk, page, demo.organizer.signInUrl);
  await page.goto(`${base}/manage/demo/${event}/door`);
  await walk.judge('Check-in');
  await press('a[href$="/door/devices"]');
  await walk.judge('Devices');
  await press('a[href$="/devices/new"]');
  await walk.judge('Add a device');
  await page.fill('#name', 'North entrance');
  await page.fill('#endsAt', '2020-01-01T09:00');
  await press('#edit button[value=save]');
  await walk.judge('Add a device');
  demand(await page.locator('#endsAt-error').isVisible(), 'the error does not stand beside its field');
  await page.fill('#endsAt', '');
  await press('#edit button[value=save]');
  await walk.judge('North entrance');
  const address = await page.locator('main code').textContent();
  demand(address.startsWith(`${base}/door/`) && await page.locator('svg.code').isVisible(), `the address is ${address}`);
  await copies(walk, page, address);
  await new Walk('A device at the door', walk.options).run(async (device, tab) => {
    const push = pressing(tab);
    await tab.goto(address);
    await device.judge('Let people in with this device');
    await push('button[name=first]');
    await device.judge('Check-in');
    demand(new URL(tab.url()).pathname === '/door', `it leads to ${tab.url()}`);
    // With its script the page stays and says what came of it.
    const scan = async () => {
      await tab.fill('#code', code);
      await tab.click('#scan button');
      await tab.locator('.outcome, main .note[role=status]').first().waitFor();
    };
    await scan();
    await device.judge('Check-in');
    demand((await tab.locator('.outcome').textContent()).includes('Welcome'), 'nobody is let in');
    await push('button[name=undo]');
    await device.judge('Check-in');
    await press('a[href$="/door/devices"]');
    await walk.judge('Devices');
    await press('button[name=remove]');
    await walk.judge('Devices');
    await tab.goto(`${base}/door`);
    await device.judge('This device is signed out');
    demand((await tab.locator('main').textContent()).includes('new code'), 'it is not said what to do');
  });
}

// Without a mouse: what is looked for is kept under a name, opened again and removed, and the lines are walked through by keys.
async function keepView(walk, page, manage) {
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const enter = () => Promise.all([page.waitForNavigation(), keyboard.press('Enter')]);
  // Tab until this is in focus, as somebody does who cannot point.
  const reach = async (selector) => {
    for (let steps = 0; steps < 400; steps += 1) {
      if (await page.evaluate((its) => document.activeElement.matches(its), selector)) return;
      await keyboard.press('Tab');
    }
    demand(false, `${selector} is not reached by keys`);
  };
  await page.goto(`${manage}/roster`);
  await reach('#words');
  await keyboard.type('example');
  await reach('details.columns summary');
  await keyboard.press('Enter');
  await reach('input[name=show][value=company]');
  await keyboard.press('Space');
  await keyboard.press('Enter');
  await page.waitForURL(/words=example/);
  await walk.judge('Roster');
  demand(page.url().includes('words=example') && !page.url().includes('show=company'), 'the columns are not in the address');
  await reach('#view');
  await keyboard.type('Everybody');
  await enter();
  await walk.judge('Roster');
  demand(await page.locator('.views a[aria-current=true]').textContent() === 'Everybody', 'the view is not kept');
  await page.goto(`${manage}/roster`);
  await reach('.views a');
  await enter();
  demand(await page.inputValue('#words') === 'example', 'the view is another one');
  await reach('[data-rows]');
  const lines = await page.locator('tbody th a').allTextContents();
  for (const [key, line] of [['j', 0], ['ArrowDown', 1], ['k', 0]]) {
    await keyboard.press(key);
    demand(await focused() === lines[line].trim(), `${key} does not lead to line ${line}`);
  }
  await keyboard.press('/');
  demand(await focused() === 'words', 'the search is not reached');
  await keyboard.type('j');
  demand(await page.inputValue('#words') === 'j', 'a letter is taken away from who types');
  await reach('button[name=remove]');
  await enter();
  demand(await page.locator('.views').count() === 0, 'the view stays');
}

// Somebody makes a free event from nothing, meets an error on the way, publishes it, and sees it as a visitor does.
async function make(walk, page, title) {
  const slug = title.toLowerCase().replaceAll(' ', '-');
  const press = pressing(page);
  const save = () => press('#edit button[value=save]');
  await enter(walk, page, demo.organizer.signInUrl);
  await page.goto(`${base}/manage/demo`);
  await press('a[href$="/-/new"]');
  await walk.judge('New event');
  await page.fill('[id="title.en"]', title);
  await page.fill('[id="venue.name"]', 'Town hall');
  const ends = await page.inputValue('#endsLocal');
  await page.fill('#endsLocal', '2020-01-01T09:00');
  await save();
  await walk.judge('New event');
  await walk.isTold();
  demand(await page.locator('#endsLocal-error').isVisible(), 'the error does not stand beside its field');
  demand(await page.inputValue('[id="title.en"]') === title, 'the title is lost');
  await page.fill('#endsLocal', ends);
  await save();
  await walk.judge(title);
  const manage = new URL(page.url()).pathname;
  demand(manage.endsWith(`/${slug}`), `made at ${manage}`);
  for (const kind of ['terms', 'privacy-notice']) {
    await page.goto(base + manage);
    await press(`a[href$="/documents/${kind}"]`);
    await page.fill('[id="title.en"]', 'What holds');
    await page.fill('[id="content.en"]', 'Be kind to each other.');
    await walk.judge('');
    await save();
    await walk.judge('Documents');
  }
  await page.goto(`${base}${manage}/quotas/new`);
  await page.fill('#name', 'Hall');
  await page.fill('#size', '80');
  await walk.judge('New number of places');
  await save();
  await page.goto(base + manage);
  await press('a[href$="/tickets/new"]');
  await walk.judge('New ticket');
  await page.check('input[name=quotaIds]');
  await save();
  await walk.judge('Tickets and places');
  await page.goto(`${base}${manage}/speakers`);
  await walk.judge('Speakers');
  await press('a[href$="/speakers/new"]');
  await walk.judge('New speaker');
  await page.fill('#name', 'Ada Lovelace');
  await page.fill('[id="headline.en"]', 'Analyst');
  await page.fill('[id="biography.en"]', 'Wrote the first program.');
  await save();
  await walk.judge('Speakers');
  await press('.cards a');
  await walk.judge('Ada Lovelace');
  await page.goto(`${base}${manage}/agenda`);
  await walk.judge('Agenda');
  await press('a[href$="/agenda/new"]');
  await walk.judge('New session');
  await page.fill('[id="title.en"]', 'Opening');
  await page.fill('#place', 'Hall');
  await page.check('input[name=speakerIds]');
  await save();
  await walk.judge('Agenda');
  await press('.agenda a');
  await walk.judge('Opening');
  for (const [label, kind] of [['Which meal?', 'CHOICE'], ['Your seat?', 'TEXT']]) {
    await page.goto(`${base}${manage}/questions`);
    await walk.judge('Questions');
    await press('a[href$="/questions/new"]');
    await walk.judge('New question');
    await page.fill('[id="label.en"]', label);
    await page.selectOption('#kind', kind);
    await page.fill('[id="purpose.en"]', 'To plan');
    if (kind === 'CHOICE') {
      await page.fill('[id="choices.0.label.en"]', 'Beef');
      await save();
      await walk.judge('New question');
      demand(await page.locator('[id="choices.0.label.en-error"]').isVisible(), 'one choice is none');
      await press('button[name=more]');
      await walk.judge('New question');
      demand(await page.inputValue('[id="choices.0.label.en"]') === 'Beef', 'the choice is lost');
      await page.fill('[id="choices.5.label.en"]', 'Beans');
    }
    await save();
    await walk.judge('Questions');
  }
  await press('li:last-of-type .moves button');
  await walk.judge('Questions');
  demand((await page.locator('.cards li h2').first().textContent()) === 'Your seat?', 'the second does not come first');
  await press('.cards li:last-of-type h2 a');
  await walk.judge('Which meal?');
  for (const [path, words] of [['/setup', 'Details'], ['/setup/status', 'End of the event']]) {
    await page.goto(base + manage + path);
    await walk.judge(words);
  }
  await page.goto(base + manage + '/preview');
  await walk.judge(title);
  demand(await page.locator('main form[action$="/register"]').count() === 0, 'a draft can be registered for');
  await page.goto(base + manage);
  await press('button[name=publish]');
  await walk.judge(title);
  await page.goto(`${base}/events/demo/${slug}`);
  await walk.judge(title);
  demand(await page.locator('.agenda a[href^="#speaker-"]').textContent() === 'Ada Lovelace', 'nobody speaks');
  // The same again, in another year.
  await page.goto(base + manage + '/setup/status');
  await press('a[href$="/setup/copy"]');
  await walk.judge('An event like this one');
  const starts = await page.inputValue('#startsLocal');
  await page.fill('#endsLocal', '2020-01-01T09:00');
  await save();
  await walk.judge('An event like this one');
  demand(await page.locator('#endsLocal-error').isVisible(), 'the error does not stand beside its field');
  await page.fill('#endsLocal', starts.replace(/T.*/, 'T23:00'));
  await save();
  await walk.judge(title);
  demand(new URL(page.url()).pathname === `${manage}-${starts.slice(0, 4)}`, `copied to ${page.url()}`);
  await page.goto(`${page.url()}/questions`);
  await walk.judge('Questions');
  demand((await page.locator('.cards li h2').first().textContent()) === 'Your seat?', 'the questions are not the same');
  await callOff(walk, page, base + manage, title);
}

// The first one does not take place after all; the page says how far its orders are.
async function callOff(walk, page, manage, title) {
  const press = pressing(page);
  await page.goto(`${manage}/setup/status`);
  await page.check('#sure-cancel');
  await press('button[value=cancel]');
  await walk.judge('The event is called off');
  const isOver = () => page.locator('[data-progress]', { hasText: 'Finished' });
  if (walk.options.javaScriptEnabled === false) {
    for (let looks = 0; looks < 20 && await isOver().count() === 0; looks += 1) {
      await page.waitForTimeout(1000);
      await press('.progress a');
    }
  }
  // By itself, where a script may run.
  await isOver().waitFor();
  await walk.judge('The event is called off');
  demand(await page.locator('progress').evaluate((bar) => bar.value === bar.max), 'something is left');
  await page.goto(`${manage}/setup/status`);
  await walk.judge('End of the event');
  await press('main a[href$="/setup/cancellation"]');
  await walk.judge('The event is called off');
  await page.goto(manage);
  await walk.judge(title);
}

// An owner invites somebody for one event, makes them another role, and takes it away; and says where buyers pay.
async function team(walk, page) {
  const press = pressing(page);
  const email = `door-${page.viewportSize().width}@people.example`;
  await enter(walk, page, demo.organizer.signInUrl);
  await page.goto(`${base}/manage/demo`);
  await press('a[href$="/-/team"]');
  await walk.judge('Team');
  await press('a[href$="/team/new"]');
  await walk.judge('Invite somebody');
  await page.fill('#email', email);
  await page.selectOption('#role', 'OWNER');
  await page.selectOption('#eventId', { label: 'Rust Days' });
  await press('#edit button[value=save]');
  await walk.judge('Invite somebody');
  demand(await page.locator('#eventId-error').isVisible(), 'an owner of one event');
  await page.selectOption('#role', 'CHECK_IN');
  await page.fill('#endsAt', '2099-12-31');
  await press('#edit button[value=save]');
  await walk.judge('Team');
  demand((await page.locator('[role=status]').textContent()).includes('on its way'), 'it is not said what was done');
  await press(`a:text-is("${email}")`);
  await walk.judge(email);
  await page.selectOption('#role', 'VIEWER');
  await page.fill('#endsAt', '');
  await press('#edit button[value=save]');
  await walk.judge('Team');
  await press(`a:text-is("${email}")`);
  await page.locator('details summary').click();
  await walk.judge(email);
  await press('button[name=remove]');
  await walk.judge('Team');
  demand(await page.locator(`a:text-is("${email}")`).count() === 0, 'they are still there');
  // How buyers pay.
  await page.goto(`${base}/manage/demo`);
  await press('a[href$="/-/payments"]');
  await walk.judge('Ways of paying');
  await press('section[aria-labelledby=bank] a.button');
  await walk.judge('Bank transfer');
  await page.fill('[id="bankTransfer.iban"]', 'DE00');
  await press('#edit button[value=save]');
  await walk.judge('Bank transfer');
  demand(await page.locator('[id="bankTransfer.iban-error"]').isVisible(), 'this is no IBAN');
  await page.fill('[id="bankTransfer.iban"]', 'DE02 1203 0000 0000 2020 51');
  await press('#edit button[value=save]');
  await walk.judge('Ways of paying');
  demand((await page.locator('main').textContent()).includes('DE02 1203 0000 0000 2020 51'), 'the account is not shown');
  await press('section[aria-labelledby=stripe] a.button');
  await walk.judge('Card and other ways');
}

// Staff look at one registration and correct it; what was sent, what was done, and what the organization is called.
async function people(walk, page) {
  const press = pressing(page);
  await enter(walk, page, demo.organizer.signInUrl);
  await page.goto(`${base}/manage/demo/rust-days/roster?status=CONFIRMED&sort=time`);
  await press('tbody tr:first-child th a');
  const name = await page.locator('h1').textContent();
  await walk.judge(name.trim());
  const person = page.url();
  await press('a[href$="/correct"]');
  await walk.judge('Correct');
  // What a browser does not look at itself.
  await page.fill('#phone', 'not at home');
  await press('#details button[value=save]');
  await walk.judge('Correct');
  demand(await page.locator('#phone-error').isVisible(), 'this is no telephone number');
  await page.goto(`${person}/correct`);
  await page.fill('#company', 'Looms & Sons');
  await press('.languages button[value=de]');
  await walk.judge('Berichtigen');
  demand(await page.inputValue('#company') === 'Looms & Sons', 'what was typed is lost with the language');
  await press('.languages button[value=en]');
  await press('#details button[value=save]');
  await walk.judge(name.trim());
  demand((await page.locator('main').textContent()).includes('Looms & Sons'), 'the correction is not shown');
  demand((await page.locator('[role=status]').textContent()).includes('Saved'), 'it is not said what was done');
  await page.locator('section[aria-labelledby=act] summary').click();
  await walk.judge(name.trim());
  const manage = `${base}/manage/demo`;
  for (const [path, title] of [['/rust-days/mails', 'Mails'], ['/-/mails', 'Mails'], ['/-/log', 'Log']]) {
    await page.goto(manage + path);
    await walk.judge(title);
  }
  await page.selectOption('#action', 'correctRegistration');
  await press('.filters button');
  await walk.judge('Log');
  demand((await page.locator('tbody').textContent()).includes('Corrected'), 'the correction is not in the log');
  await page.goto(manage);
  await press('a[href$="/-/settings"]');
  await walk.judge('Organization');
  await page.selectOption('#country', '');
  await press('#edit button[value=save]');
  await walk.judge('Organization');
  demand(await page.locator('#country-error').isVisible(), 'there is no country');
  await page.selectOption('#country', 'DE');
  await press('#edit button[value=save]');
  await walk.judge('Organization');
  demand((await page.locator('[role=status]').textContent()).includes('Saved'), 'it is not said what was done');
}

// A viewer sees how the event stands and who is coming, and finds nothing to change.
async function look(walk, page, press) {
  const nothing = async () => {
    const others = ['a[href$="/setup"]', 'a[href$="/door"]', 'a[href$="/new"]', 'a[href$="/correct"]', 'a[href$="/proof"]', '#take', 'button.danger',
      'button[name=publish]', 'button[name=cancel]', 'button[name=paid]', 'button[value=cancel]', 'button[value=restrict]'];
    for (const selector of others) demand(await page.locator(`main ${selector}`).count() === 0, `a viewer is offered ${selector}`);
  };
  await enter(walk, page, demo.staff.find((one) => one.role === 'VIEWER').signInUrl);
  await press('a[href="/manage"]');
  await walk.judge('');
  await press('a[href$="/rust-days"]');
  await walk.judge('Rust');
  await nothing();
  for (const [part, title, one, name] of [['/roster', 'Roster', 'tbody th a', ''], ['/orders', 'Orders', '.list a', 'Order '], ['/partners', 'Partners']]) {
    await press(`main nav a[href$="${part}"]`);
    await walk.judge(title);
    await nothing();
    if (one) {
      await press(one);
      await walk.judge(name);
      await nothing();
    }
    await page.goto(`${base}/manage/demo/rust-days`);
  }
}

// Somebody who helps at the door lets people in by the code of a ticket and by their name, and takes it back.
async function help(walk, page, press, type) {
  await enter(walk, page, demo.staff.find((one) => one.role === 'CHECK_IN').signInUrl);
  await press('a[href="/manage"]');
  await walk.judge('');
  await press(`a[href$="/${ticket.event}"]`);
  await walk.judge('');
  demand(await page.locator('main nav a[href$="/roster"]').count() === 0, 'whoever helps at the door is led to the roster');
  await press('main nav a[href$="/door"]');
  await walk.judge('Check-in');
  const welcome = async () => {
    await page.locator('.outcome').waitFor();
    await walk.judge('Check-in');
    demand((await page.locator('.outcome').textContent()).includes('Welcome'), 'nobody is let in');
    await walk.reach('button[name=undo]');
    await page.keyboard.press('Enter');
    await page.locator('.outcome').filter({ hasText: 'Welcome' }).waitFor({ state: 'detached' });
    await walk.judge('Check-in');
  };
  await walk.reach('#code');
  await page.keyboard.insertText(ticket.code);
  await page.keyboard.press('Enter');
  await welcome();
  await type('#words', 'adler');
  await press('.filters button');
  await walk.judge('Check-in');
  await press('.found button[name=registration]');
  await welcome();
}

// What people look at most, at 200 %: an organizer, and an officer.
async function closely(walk, page) {
  const manage = `${base}/manage/demo`;
  const event = `${manage}/rust-days`;
  await enter(walk, page, demo.organizer.signInUrl);
  for (const path of ['', '/roster', '/orders', '/setup', '/questions/new', '/tickets', '/partners', '/badges', '/door']) {
    await page.goto(event + path);
    await walk.judge('');
  }
  await page.goto(`${event}/orders`);
  await pressing(page)('.list a');
  await walk.judge('Order ');
  await enter(walk, page, demo.staff.find((one) => one.role === 'DPO').signInUrl);
  await page.goto(`${event}/roster`);
  await pressing(page)('tbody th a');
  await walk.judge('');
  for (const path of ['/complaints', '/log']) {
    await page.goto(`${manage}/-${path}`);
    await walk.judge('');
  }
}

// The data-protection officer keeps a registration back, looks at the proof of its consents, and lets it go again.
async function protect(walk, page) {
  const press = pressing(page);
  await enter(walk, page, demo.staff.find((one) => one.role === 'DPO').signInUrl);
  for (const [scheme, width] of [['light', 1280], ['dark', 360]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${base}/manage/demo/rust-days/roster?words=${encodeURIComponent(demo.attendees[0].email)}`);
    await press('tbody tr:first-child th a');
    const name = (await page.locator('h1').textContent()).trim();
    await walk.judge(name);
    demand(await page.locator('button[value=cancel]').count() === 0, 'an officer gives no places up');
    for (const [set, lift] of [['restrict', 'lift-restriction'], ['quarantine', 'lift-quarantine']]) {
      await press(`button[value=${set}]`);
      await walk.judge(name);
      await press(`button[value=${lift}]`);
      await walk.judge(name);
      demand(await page.locator(`button[value=${set}]`).count() === 1, 'it cannot be set again');
    }
    await press('a[href$="/proof"]');
    await walk.judge('Proof');
    await page.locator('details summary').first().click();
    await walk.judge('Proof');
    await page.goto(`${base}/manage/demo/-/log?action=viewConsentProof`);
    await walk.judge('Log');
    demand((await page.locator('tbody tr').count()) > 0, 'looking at the proof is not in the log');
  }
}

// Somebody complains of what a partner received; the officer answers; the answer is read where the complaint was made.
async function complain(walk, page, attendee) {
  const press = pressing(page);
  await enter(walk, page, attendee.signInUrl);
  await press('a[href^="/me/data/"]');
  const data = page.url();
  await press('.timeline a[href*="complaints/new"]');
  await walk.judge('');
  const words = `I never agreed to this. ${walk.name}`;
  await page.fill('#text', words);
  await press('#complaint .actions button');
  await walk.judge('');
  demand((await page.locator('.said').first().textContent()).includes(words), 'the complaint is not there');
  await enter(walk, page, demo.staff.find((one) => one.role === 'DPO').signInUrl);
  for (const [scheme, width] of [['light', 1280], ['dark', 360]]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${base}/manage/demo/-/complaints`);
    await walk.judge('');
    // The demo has others, which are about nothing that somebody received.
    await press('.cards li:has(.soft) a');
    await walk.judge('');
  }
  await page.fill('#answer', 'You are right, and they were told.');
  await press('#edit .actions button');
  await walk.judge('');
  demand((await page.locator('.said').last().textContent()).includes('You are right'), 'the answer is not there');
  await enter(walk, page, attendee.signInUrl);
  await page.goto(`${data}/complaints`);
  await walk.judge('');
  demand((await page.locator('main').textContent()).includes('You are right'), 'the answer does not arrive');
}

(async () => {
  ticket = await findTicket();
  await new Walk('Organizing', desktop).run(organize);
  await new Walk('Devices at the door, on a phone', phone).run(devices);
  await new Walk('Devices at the door, without JavaScript', { ...phone, javaScriptEnabled: false }).run(devices);
  await new Walk('Making an event', desktop).run((walk, page) => make(walk, page, 'Open day'));
  await new Walk('Making an event on a phone in the dark', phone).run((walk, page) => make(walk, page, 'Open evening'));
  await new Walk('Making an event without JavaScript', { ...phone, javaScriptEnabled: false }).run((walk, page) => make(walk, page, 'Open night'));
  await new Walk('The team', desktop).run(team);
  await new Walk('The team, on a phone in the dark, without JavaScript', { ...phone, javaScriptEnabled: false }).run(team);
  await new Walk('One registration', desktop).run(people);
  await new Walk('One registration, on a phone in the dark, without JavaScript', { ...phone, javaScriptEnabled: false }).run(people);
  await new Walk('Protecting data', desktop).run(protect);
  await new Walk('Looking on with the keyboard alone, zoomed to 200 %', zoomed).run((walk, page) => look(walk, page, ...keys(walk, page)));
  await new Walk('Helping at the door with the keyboard alone, zoomed to 200 %', zoomed).run((walk, page) => help(walk, page, ...keys(walk, page)));
  await new Walk('Organizing and protecting data, zoomed to 200 %', zoomed).run(closely);
  await new Walk('Complaining', desktop).run((walk, page) => complain(walk, page, demo.attendees[3]));
  await new Walk('Complaining without JavaScript', { ...phone, javaScriptEnabled: false }).run((walk, page) => complain(walk, page, demo.attendees[3]));
  finish();
})().catch(finish);
