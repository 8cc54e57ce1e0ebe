// The door without a network, in Chromium: a code before the camera, a list that is taken along, passages that wait while
// nothing answers, the browser killed and started again, and everything sent once when the network is back. First by a member of
// the team, then by a device with a credential of its own, which is removed in the end while somebody waits to be sent.
//
//     node tests/tools/door.cjs http://127.0.0.1:8080 FOLDER DEMO.JSON PEOPLE.JSON
//
// PEOPLE.JSON: [{ code, name }] of one event, none of them in. Of each part the first stands before the camera, the second is let
// in elsewhere meanwhile, the third comes while there is a network and again while there is none, and the others are scanned
// without one; the last seven are the device's, and of these the last one waits when it is removed. Ends with 1 at the first
// thing that is wrong.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const modules = process.env.CONSENTRY_TEST_NODE_MODULES || path.join(__dirname, 'node_modules');
const { chromium } = require(path.join(modules, 'playwright-core'));

const [base, folder, facts, list] = process.argv.slice(2);
const demo = JSON.parse(fs.readFileSync(facts, 'utf8'));
const people = JSON.parse(fs.readFileSync(list, 'utf8'));
const team = { name: 'team', link: demo.organizer.signInUrl, door: '/manage/demo/rust-days/door' };
const picture = path.join(folder, 'code.y4m');

function demand(holds, words) {
  if (!holds) throw new Error(words);
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// A way to the program that can be cut.
class Network {
  constructor() {
    this.open = new Set();
    const target = Number(new URL(base).port);
    this.server = net.createServer((one) => {
      const other = net.connect(target, '127.0.0.1');
      for (const [from, to] of [[one, other], [other, one]]) {
        this.open.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => { this.open.delete(from); to.destroy(); });
      }
    });
  }

  async up() {
    await new Promise((resolve) => { this.server.listen(this.port ?? 0, '127.0.0.1', resolve); });
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  async down() {
    const closed = new Promise((resolve) => { this.server.close(resolve); });
    for (const socket of this.open) socket.destroy();
    await closed;
  }
}

// What a camera sees that looks at this code.
async function film(code) {
  const copy = path.join(folder, 'qr.mjs');
  fs.copyFileSync(path.join(__dirname, '../../web/static/vendor/qr-0.7.0/index.js'), copy);
  const { encodeQR } = await import(copy);
  const code2d = encodeQR(code, 'raw');
  const [width, height] = [640, 480];
  const scale = Math.floor(400 / code2d.length);
  const [left, top] = [width, height].map((size) => Math.floor((size - scale * code2d.length) / 2));
  const light = Buffer.alloc(width * height, 235);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dark = code2d[Math.floor((y - top) / scale)]?.[Math.floor((x - left) / scale)];
      if (dark) light[y * width + x] = 16;
    }
  }
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, Buffer.alloc(width * height / 2, 128)]);
  fs.writeFileSync(picture, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}

// The browsers that run: none is left running by whatever fails.
const running = new Set();

// A browser that can be killed.
async function start(profile, cookies) {
  const port = path.join(profile, 'DevToolsActivePort');
  fs.rmSync(port, { force: true });
  const process_ = spawn('/usr/bin/chromium', ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', `--user-data-dir=${profile}`,
    '--no-first-run', '--disable-background-networking', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${picture}`, '--lang=en-GB', 'about:blank'], { stdio: 'ignore' });
  running.add(process_);
  process_.on('exit', () => running.delete(process_));
  for (let tries = 0; !fs.existsSync(port) || fs.readFileSync(port, 'utf8').trim() === ''; tries += 1) {
    demand(tries < 300, 'the browser does not start');
    await pause(100);
  }
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${fs.readFileSync(port, 'utf8').split('\n')[0]}`);
  const context = browser.contexts()[0];
  // Chromium writes cookies down half a minute late.
  if (cookies) await context.addCookies(cookies);
  const page = context.pages()[0] ?? await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  return { process: process_, browser, context, page };
}

async function kill({ process: process_ }) {
  const ended = new Promise((resolve) => { process_.on('exit', resolve); });
  process_.kill('SIGKILL');
  await ended;
}

const outcome = async (page, words) => {
  const box = page.locator('#outcome', { hasText: words });
  await box.waitFor().catch(async () => { throw new Error(`not “${words}” but “${await page.locator('#outcome').textContent()}”`); });
  return box.textContent();
};

async function type(page, code) {
  await page.fill('#code', code);
  await page.keyboard.press('Enter');
}

// The API, as the organizer.
async function send(query, variables) {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${demo.organizer.accessToken}` };
  const answer = await fetch(`${base}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data } = await answer.json();
  for (const payload of Object.values(data)) demand(!payload.userErrors?.length, JSON.stringify(payload.userErrors));
  return data;
}

async function event() {
  const query = `{ organization(slug: "demo") { event(slug: "rust-days") { id doorDevices(first: 9) { edges { node { id state } } } } } }`;
  return (await send(query)).organization.event;
}

async function checkIn(code) {
  const input = { idempotencyKey: `elsewhere-${code}`, eventId: (await event()).id, code };
  await send('mutation($input: CheckInInput!) { checkIn(input: $input) { userErrors { code } } }', { input });
}

// Shuts off what is in use.
async function remove() {
  const used = (await event()).doorDevices.edges.filter(({ node }) => node.state === 'IN_USE');
  demand(used.length === 1, `${used.length} devices are in use`);
  const input = { deviceId: used[0].node.id };
  await send('mutation($input: RemoveDoorDeviceInput!) { removeDoorDevice(input: $input) { userErrors { code } } }', { input });
}

// The address under which another one signs in.
async function add() {
  const input = { idempotencyKey: 'another', eventId: (await event()).id, name: 'Another phone' };
  const query = 'mutation($input: AddDoorDeviceInput!) { addDoorDevice(input: $input) { shown { secret } userErrors { code } } }';
  return `${base}/door/${(await send(query, { input })).addDoorDevice.shown.secret}`;
}

// What the browser keeps of a kind, as text.
const kept = (page, name) => page.evaluate(async (store) => {
  const request = indexedDB.open('door');
  await new Promise((resolve) => { request.onsuccess = resolve; });
  const all = request.result.transaction(store).objectStore(store).getAll();
  await new Promise((resolve) => { all.onsuccess = resolve; });
  return JSON.stringify(all.result);
}, name);

// How many lines of a page's list are kept.
const lines = (page, door) => page.evaluate(async (path) => {
  const request = indexedDB.open('door');
  await new Promise((resolve) => { request.onsuccess = resolve; });
  const keys = request.result.transaction('lines').objectStore('lines').getAllKeys();
  await new Promise((resolve) => { keys.onsuccess = resolve; });
  return keys.result.filter((key) => key.startsWith(`${path} `)).length;
}, door);

async function prepare(page) {
  await page.click('#prepare');
  await isPrepared(page);
}

const isPrepared = (page) => page.locator('#prepared', { hasText: 'Ready without a network' }).waitFor();

async function signIn(page, network, link) {
  await page.goto(link.replace(base, network.url));
  await page.click('main form button');
  await page.waitForURL((url) => !/^\/(sign-in|door\/)/.test(url.pathname));
}

const isSent = (page) => page.waitForFunction(() => document.querySelector('#waiting').textContent === '', null, { timeout: 120_000 });

// Where a browser reads codes by itself it is left to it, and nothing is loaded for that.
async function detected(context, address, code) {
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.addInitScript((its) => {
    globalThis.BarcodeDetector = class {
      static async getSupportedFormats() { return ['qr_code']; }

      async detect() { return [{ rawValue: its }]; }
    };
  }, code);
  await page.goto(address);
  await page.click('#look');
  await outcome(page, 'inside already');
  demand(!asked.some((url) => url.includes('/assets/qr-')), 'a reader is loaded beside that of the browser');
  await page.close();
}

// A day at the door, up to where everything is sent; the browser. A neighbour has prepared a page of their own in it before.
async function day({ name, link, door, neighbour }, network, [first, second, third, ...others]) {
  const profile = path.join(folder, name);
  const offline = [second, ...others];
  await film(first.code);
  let one = await start(profile);
  if (neighbour) {
    await signIn(one.page, network, neighbour.link);
    await one.page.goto(network.url + neighbour.door);
    await prepare(one.page);
  }
  await signIn(one.page, network, link);
  await one.page.goto(network.url + door);
  await one.page.click('#look');
  demand((await outcome(one.page, 'Welcome')).includes(first.name), 'the camera finds somebody else');
  await one.page.click('#look');
  console.log(`${name}: the camera reads a code`);
  await detected(one.context, network.url + door, first.code);

  await prepare(one.page);
  const stored = await kept(one.page, 'lines');
  demand(stored.length > 2 && !people.some((person) => stored.includes(person.name) || stored.includes(person.code)), 'the list can be read');
  // Who is let in now is in later, and whoever is let out again can come in.
  for (const person of [third, second]) {
    await type(one.page, person.code);
    await outcome(one.page, person.name);
  }
  await one.page.click('button[name=undo]');
  await outcome(one.page, 'not inside');
  await isPrepared(one.page);
  await one.page.goto(network.url + door);
  await network.down();
  if (neighbour) {
    await one.page.goto(network.url + neighbour.door);
    await isPrepared(one.page);
    await one.page.goto(network.url + door);
  }
  await one.page.reload();
  for (const person of offline) {
    await type(one.page, person.code);
    demand((await outcome(one.page, person.name)).includes('Welcome'), `${person.name} is not let in`);
  }
  await type(one.page, third.code);
  await outcome(one.page, 'inside already');
  await type(one.page, 'CNOBODYHASTHISCODE');
  await outcome(one.page, 'not in the list');
  await pause(3100);
  await type(one.page, offline[0].code);
  await outcome(one.page, 'inside already');
  demand((await one.page.locator('#waiting').textContent()).includes(`waiting: ${offline.length}`), 'it is not said how many wait');
  const cookies = await one.context.cookies(network.url);
  await kill(one);
  console.log(`${name}: ${offline.length} were let in without a network, and the browser was killed`);

  await checkIn(second.code);
  one = await start(profile, cookies);
  await one.page.goto(network.url + door);
  await one.page.locator('#waiting', { hasText: `waiting: ${offline.length}` }).waitFor();
  // Nobody else sends them.
  const pass = (keeper) => one.page.evaluate(async (its) => {
    const { dataset } = document.querySelector('#device');
    const before = dataset.keeper;
    dataset.keeper = its;
    // What was begun for the one before has ended.
    await navigator.locks.request('door', () => {});
    dispatchEvent(new Event('online'));
    return before;
  }, keeper);
  const keeper = await pass('somebody else');
  await network.up();
  await pass('somebody else');
  await one.page.locator('#foreign').waitFor();
  await pause(1000);
  demand((await one.page.locator('#waiting').textContent()).includes(`waiting: ${offline.length}`), 'somebody else sends them');
  await pass(keeper);
  await isSent(one.page);
  await one.page.locator('#conflicts li').first().waitFor();
  const conflicts = await one.page.locator('#conflicts li').allTextContents();
  demand(conflicts.length === 1 && conflicts[0].includes('inside already'), `conflicts: ${conflicts.join('; ')}`);
  console.log(`${name}: all of it is sent, and one conflict is shown`);
  return one;
}

// A device that is removed while somebody waits lets nobody in any more, and loses nobody.
async function removed({ page }, network, person) {
  await network.down();
  await type(page, person.code);
  await outcome(page, person.name);
  await page.click('button[name=leave]');
  await page.locator('#unsent').waitFor();
  await remove();
  await network.up();
  await page.locator('#signed-out').waitFor();
  demand(await lines(page, '/door') === 0 && await lines(page, team.door) > 0, 'the list stays, or another goes');
  await page.goto(`${network.url}/door`);
  await page.locator('#over', { hasText: '1' }).waitFor();
  // Deleting it asks twice; here it is put back.
  const queue = (work) => page.evaluate(async ([text]) => {
    const request = indexedDB.open('door');
    await new Promise((resolve) => { request.onsuccess = resolve; });
    const store = request.result.transaction('queue', 'readwrite').objectStore('queue');
    if (text === 'restore') for (const one of window.before) store.put(one);
    const all = store.getAll();
    await new Promise((resolve) => { all.onsuccess = resolve; });
    if (text === 'remember') window.before = all.result;
    return all.result.length;
  }, [work]);
  await page.click('#discard');
  await page.locator('#sure').waitFor();
  demand(await queue('remember') === 1, 'it is deleted at once');
  await page.click('#discard');
  await page.locator('#over').waitFor({ state: 'hidden' });
  demand(await queue('count') === 0, 'it is not deleted');
  await queue('restore');
  await page.goto((await add()).replace(base, network.url));
  await page.click('main form button');
  await page.waitForURL((url) => url.pathname === '/door');
  await isSent(page);
  // Its own end it knows by itself.
  await prepare(page);
  await page.evaluate(() => { document.querySelector('#device').dataset.until = '2020-01-01T00:00:00Z'; });
  await type(page, 'CNOBODYHASTHISCODE');
  await outcome(page, 'its time is over');
  demand(await lines(page, '/door') === 0, 'the list stays when its time is over');
  console.log('a device: what waited when it was removed is sent by the next one');
}

// Leaving takes everything along.
async function leave({ page, browser, process: process_ }, button, way, words) {
  await page.click(button);
  await page.waitForURL((url) => url.pathname === way);
  await page.waitForLoadState();
  const left = await page.evaluate(async () => [await indexedDB.databases(), await caches.keys(), await navigator.serviceWorker.getRegistrations()].map((all) => all.length));
  demand(left.every((count) => count === 0), `${words} leaves ${left}`);
  console.log(`${words} leaves nothing`);
  await browser.close();
  process_.kill();
}

(async () => {
  const network = new Network();
  await network.up();
  const one = await day(team, network, people.slice(0, -7));
  await leave(one, 'form[action="/sign-out"] button', '/', 'signing out');
  const neighbour = { ...team, link: demo.staff.find(({ role }) => role === 'CHECK_IN').signInUrl };
  const other = await day({ name: 'device', link: demo.devices[0].url, door: '/door', neighbour }, network, people.slice(-7, -1));
  demand(await other.page.locator('#words').count() === 0, 'a device looks for names');
  await removed(other, network, people.at(-1));
  await leave(other, 'button[name=leave]', '/door', 'ending');
  await network.down();
  process.exit(0);
})().catch((error) => {
  for (const one of running) one.kill('SIGKILL');
  console.error(error);
  process.exit(1);
});
