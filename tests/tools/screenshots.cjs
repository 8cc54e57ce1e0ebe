// Takes the pictures of docs/screenshots from a running demo, so that they show what there is.
//
//     node tests/tools/screenshots.cjs http://127.0.0.1:8080 data/demo.json docs/screenshots
//
// The demo's sign-in links work once: start it anew before. Pictures are of the window, light on a desktop and dark on a phone.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const modules = process.env.CONSENTRY_TEST_NODE_MODULES || path.join(__dirname, 'node_modules');
const { chromium } = require(path.join(modules, 'playwright-core'));

const [base, facts, folder] = process.argv.slice(2);
const demo = JSON.parse(fs.readFileSync(facts, 'utf8'));
const place = `/me/registrations/${demo.attendees[0].registrationId}`;
const manage = '/manage/demo/rust-days';

// Name, address, whose page it is, where it is scrolled to, and which link leads on.
const PICTURES = [
  ['events', '/', 'anyone'],
  ['event', '/events/demo/rust-days', 'anyone'],
  ['my-place', place, 'attendee'],
  ['who-may-know-what', place, 'attendee', '#sharing'],
  ['who-has-my-data', '', 'attendee'],
  ['overview', manage, 'organizer'],
  ['roster', `${manage}/roster`, 'organizer'],
  ['badges', `${manage}/badges?paper=a4`, 'organizer'],
  ['check-in', `${manage}/door`, 'organizer'],
  ['door', '/door', 'device'],
  ['complaints', '/manage/demo/-/complaints', 'officer'],
  ['security', '/me/security', 'organizer'],
  // It waits for its first code, and counts for nothing until then.
  ['authenticator', '/me/security/authenticator', 'organizer', '', 'button[name=go]'],
  ['new-event', '/manage/demo/-/new', 'organizer'],
  ['edit', `${manage}/setup`, 'organizer'],
  ['copy', `${manage}/setup/copy`, 'organizer'],
  ['preview', `${manage}/preview`, 'organizer'],
  ['tickets', `${manage}/tickets`, 'organizer'],
  ['agenda', `${manage}/agenda`, 'organizer'],
  ['speakers', `${manage}/speakers`, 'organizer'],
  ['questions', `${manage}/questions`, 'organizer'],
  ['question', `${manage}/questions/new`, 'organizer'],
  ['team', '/manage/demo/-/team', 'organizer'],
  ['payments', '/manage/demo/-/payments', 'organizer'],
  ['organization', '/manage/demo/-/settings', 'organizer'],
  ['log', '/manage/demo/-/log', 'organizer'],
  ['mails', `${manage}/mails`, 'organizer'],
  ['person', `${manage}/people/${demo.attendees[0].registrationId}`, 'organizer'],
  ['correct', `${manage}/people/${demo.attendees[0].registrationId}/correct`, 'organizer'],
  ['protection', `${manage}/people/${demo.attendees[0].registrationId}`, 'officer', '#protection'],
  ['proof', `${manage}/people/${demo.attendees[0].registrationId}/proof`, 'officer'],
  ['partners', `${manage}/partners`, 'organizer'],
  ['portal', '/partner', 'reader'],
  ['leads', '/partner', 'reader', '', '.purpose a.button'],
  ['asks', '/partner', 'reader', '', 'main nav a[href$="/-/offers"]'],
  // The request that waits, found from where an organizer finds it.
  ['offer', `${manage}/partners`, 'organizer', '', '.waiting a'],
];
const WINDOWS = {
  desktop: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 780 }, colorScheme: 'dark' },
};

// Takes a place at the paid event, from the tickets to the order: the steps, each as it is before it is left.
async function register(page, picture) {
  const press = async (selector) => {
    await page.click(selector);
    await page.waitForLoadState();
  };
  const top = async () => page.evaluate(() => window.scrollTo(0, 0));
  await page.goto(`${base}/events/demo/rust-days`);
  await page.locator('select[name^="n."]').nth(1).selectOption('1');
  await press('form[action$="/register"] button');
  await page.fill('[name="buyer.name"]', 'Ada Lovelace');
  await page.fill('[name="buyer.email"]', 'ada.lovelace@people.example');
  await page.fill('[name="person.0.company"]', 'Analytical Engines');
  await top();
  await picture(page, 'register-people');
  for (const one of await page.locator('input[name^="doc."]').all()) await one.check();
  await press('main button[value=sharing]');
  await page.locator('.gives').first().check();
  await top();
  await picture(page, 'register-sharing');
  await page.locator('[name=age][value=yes]').first().check();
  await press('main button[value=summary]');
  await picture(page, 'register-summary');
  await press('button[value=order]');
  await picture(page, 'order');
}

(async () => {
  fs.mkdirSync(folder, { recursive: true });
  // Partners have fetched what they may, so that there is something to see of it.
  for (const { token, purposes } of demo.partnerTokens) {
    for (const purpose of purposes) {
      const query = `{ partner { leads(purpose: ${purpose}, first: 100) { nodes { fullName email company } } } }`;
      const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
      const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      if (!answer.ok) throw new Error(`a partner's leads: ${answer.status}`);
    }
  }
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const states = { anyone: undefined };
  const officer = demo.staff.find((one) => one.role === 'DPO');
  for (const [who, link] of [['attendee', demo.attendees[0].signInUrl], ['organizer', demo.organizer.signInUrl], ['officer', officer.signInUrl], ['reader', demo.partnerStaff[0].signInUrl], ['device', demo.devices[0].url]]) {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(link);
    await page.click('button[name=first]');
    await page.waitForLoadState();
    states[who] = await context.storageState();
    await context.close();
  }
  for (const [size, options] of Object.entries(WINDOWS)) {
    for (const [name, address, who, selector, link] of PICTURES) {
      const context = await browser.newContext({ locale: 'en-GB', storageState: states[who], ...options });
      const page = await context.newPage();
      if (address) {
        await page.goto(base + address);
      } else {
        await page.goto(`${base}/me`);
        await page.click('a[href^="/me/data/"]');
        await page.waitForLoadState();
      }
      if (link) {
        await page.click(link);
        await page.waitForLoadState();
      }
      if (selector) await page.locator(selector).evaluate((element) => element.scrollIntoView());
      await page.screenshot({ path: path.join(folder, `${name}-${size}.png`) });
      await context.close();
    }
  }
  for (const [size, options] of Object.entries(WINDOWS)) {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    await register(await context.newPage(), (page, name) => page.screenshot({ path: path.join(folder, `${name}-${size}.png`) }));
    await context.close();
  }
  await browser.close();
})().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
