// The page of the door works without this. It adds: an answer without loading the page, the camera, and hours without a
// network. What it keeps in the browser: a list of which only the code of a ticket opens its line, and passages that wait
// to be sent, sealed with a key that cannot be read out. A passage is on the disk before anybody is told to come in, and
// leaves it when the server has answered.
//
// It runs on the page of the team, on that of a device with a credential of its own, and on the page that says that such a
// device has ended. What each keeps, it keeps by the page's path.

const device = document.querySelector('#device');
const over = document.querySelector('#over');
const form = document.querySelector('#scan');
const words = (device ?? over).dataset;
const { path } = words;
const TWO_DAYS = 2 * 24 * 3600 * 1000;
let { token } = words;
// How many wait to be sent from this page, and in this browser.
let waiting = 0;
let unsent = 0;
// The server's clock less this one.
let skew = 0;
// Until when it is not worth asking the network first.
let down = 0;

const byId = (id) => document.getElementById(id);
const utf8 = (text) => new TextEncoder().encode(text);
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
// A device stands where it was put.
const door = () => words.list ?? form.elements.list.value.trim();

// What is kept.

let database;
function opened() {
  database ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('door', 1);
    request.onupgradeneeded = () => {
      for (const name of ['meta', 'lines', 'keys']) request.result.createObjectStore(name);
      for (const name of ['queue', 'conflicts']) request.result.createObjectStore(name, { keyPath: 'id', autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return database;
}

async function read(name, work) {
  const request = work((await opened()).transaction(name).objectStore(name));
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// All of it or nothing, and on the disk when it is done.
async function change(names, work) {
  const transaction = (await opened()).transaction(names, 'readwrite', { durability: 'strict' });
  work((name) => transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

const here = async (name) => (await read(name, (store) => store.getAll())).filter((one) => one.path === path);
const lines = () => IDBKeyRange.bound(`${path} `, `${path} \uffff`);
const forget = () => change(['meta', 'lines'], (at) => { at('meta').delete(path); at('lines').delete(lines()); });

async function queueKey() {
  const kept = await read('keys', (store) => store.get('queue'));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  await change(['keys'], (at) => at('keys').put(made, 'queue'));
  return made;
}

async function sealed(scan) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await queueKey(), utf8(JSON.stringify(scan)));
  return { path, keeper: words.keeper, iv, data };
}

async function unsealed({ iv, data }) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await queueKey(), data)));
}

async function derived(code, salt, label, bytes) {
  const secret = await crypto.subtle.importKey('raw', utf8(code), 'HKDF', false, ['deriveBits']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: toBytes(salt), info: utf8(`consentry/door/1 ${label}`) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, secret, bytes * 8));
}

// The line of a code, and what it says.
async function lineOf(salt, code) {
  const id = `${path} ${toText(await derived(code, salt, 'line', 16))}`;
  const line = await read('lines', (store) => store.get(id));
  if (!line) return null;
  const key = await crypto.subtle.importKey('raw', await derived(code, salt, 'seal', 32), 'AES-GCM', false, ['decrypt']);
  const bytes = toBytes(line.sealed);
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.slice(0, 12) }, key, bytes.slice(12));
  return { id, line, said: JSON.parse(new TextDecoder().decode(plain)) };
}

// The server.

class Ended extends Error {}

// A device knows by itself when its time is over.
const isOver = () => words.until && Date.now() + skew >= Date.parse(words.until);

function heard(answer) {
  const ahead = Date.parse(answer.headers.get('date')) - Date.now();
  skew = Math.abs(ahead) > 60_000 ? ahead : 0;
  if (answer.type === 'opaqueredirect' || [401, 404].includes(answer.status)) throw new Ended();
  return answer;
}

// The page's token changes when somebody signs in, and may be older than the browser.
async function renew() {
  const answer = heard(await fetch(path, { cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(10_000) }));
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('#device');
  if (!fresh) throw new Error('no page');
  if (fresh.dataset.keeper !== words.keeper) location.reload();
  token = fresh.dataset.token;
}

async function post(what, fields, seconds) {
  for (const again of [true, false]) {
    const body = new URLSearchParams({ token, ...fields });
    const sent = { method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(seconds * 1000) };
    const answer = heard(await fetch(`${path}/${what}`, sent));
    if (answer.ok) return answer.json();
    if (answer.status !== 403 || !again) throw new Error(answer.status);
    await renew();
  }
  return null;
}

const send = async (scans) => (await post('scans', { scans: JSON.stringify(scans) }, 8)).outcomes;

async function sendWaiting() {
  for (;;) {
    const batch = (await here('queue')).filter((one) => one.keeper === words.keeper).slice(0, 50);
    if (batch.length === 0) return;
    const scans = await Promise.all(batch.map(unsealed));
    const outcomes = await send(scans);
    await change(['queue', 'conflicts'], (at) => {
      for (const [index, { id }] of batch.entries()) {
        at('queue').delete(id);
        const { key, at: when } = scans[index];
        const outcome = outcomes.find((one) => one.key === key);
        if (outcome.tone !== 'good') at('conflicts').add({ path, when, words: outcome.words });
      }
    });
    await tell();
  }
}

// One after another, in whatever tab.
async function flush() {
  await navigator.locks.request('door', sendWaiting);
  down = 0;
}

async function lost(error) {
  down = Date.now() + 15_000;
  if (error instanceof Ended) {
    await forget();
    byId('signed-out').hidden = false;
  }
  await tell();
}

const saysEnded = () => no(byId('signed-out').firstChild.textContent);

// What is shown.

async function tell() {
  const all = await read('queue', (its) => its.getAll());
  const queue = all.filter((one) => one.path === path);
  waiting = queue.length;
  unsent = all.length;
  byId('waiting').textContent = waiting > 0 ? `${byId('waiting').dataset.words} ${waiting}` : '';
  byId('foreign').hidden = queue.every((one) => one.keeper === words.keeper);
  const conflicts = await here('conflicts');
  byId('conflicts').hidden = conflicts.length === 0;
  const time = (when) => new Date(when).toLocaleTimeString(document.documentElement.lang);
  byId('conflicts').querySelector('ul').replaceChildren(...conflicts.map((one) => {
    const line = document.createElement('li');
    line.textContent = `${time(one.when)}: ${one.words.join(' ')}`;
    return line;
  }));
  const meta = await read('meta', (store) => store.get(path));
  const ready = meta && `${words.ready.replace('%', meta.count)} ${time(meta.takenAt)}`;
  byId('prepared').textContent = ready || words.none;
}

function show(outcome) {
  const box = byId('outcome');
  box.className = `outcome ${outcome.tone}`;
  const title = document.createElement('h2');
  title.className = 'first';
  const sign = document.createElement('span');
  sign.ariaHidden = 'true';
  sign.textContent = outcome.sign;
  title.append(sign, ` ${outcome.title}`);
  const rest = outcome.words.map((text) => {
    const line = document.createElement('p');
    const own = line.appendChild(document.createElement('bdi'));
    own.textContent = text;
    return line;
  });
  box.replaceChildren(title, ...rest);
  if (!outcome.checkIn) return;
  const undo = box.appendChild(document.createElement('form'));
  undo.method = 'post';
  for (const [name, value] of [['token', token], ['list', door()]]) {
    const field = undo.appendChild(document.createElement('input'));
    Object.assign(field, { type: 'hidden', name, value });
  }
  const button = undo.appendChild(document.createElement('button'));
  Object.assign(button, { className: 'second', name: 'undo', value: outcome.checkIn, textContent: words.undo });
}

const no = (...why) => ({ tone: 'bad', sign: '✕', title: words.no, words: why });

// A passage.

const doorOf = (scan) => scan.list || 'main';
// Who came in while the list was on its way, which is older than that.
let meanwhile = [];

async function found(scan) {
  const meta = await read('meta', (store) => store.get(path));
  return meta?.keeper === words.keeper ? lineOf(meta.salt, scan.code) : null;
}

const marked = (line, list) => ({ ...line, in: [...new Set([...line.in, list])] });

// What the server says of a ticket holds here as well once there is no network.
async function learn(scan, { tone, reason }) {
  const isIn = tone === 'good' || reason === 'ALREADY_CHECKED_IN';
  if (isIn) meanwhile.push(scan);
  const meta = await read('meta', (store) => store.get(path));
  const one = await found(scan);
  if (!one) return;
  await change(['meta', 'lines'], (at) => {
    if (isIn) at('lines').put(marked(one.line, doorOf(scan)), one.id);
    if (tone === 'good') at('meta').put({ ...meta, last: [one.id, doorOf(scan)] }, path);
    if (['CANCELLED', 'NOT_CONFIRMED'].includes(reason)) at('lines').delete(one.id);
  });
}

// Whoever came in last and was let out again, which this page says then, can come in again.
async function unlearn() {
  const meta = await read('meta', (store) => store.get(path));
  if (!meta?.last) return;
  const [id, list] = meta.last;
  const line = await read('lines', (store) => store.get(id));
  const isOut = document.querySelector('#outcome.outcome:not(.good, .bad)');
  await change(['meta', 'lines'], (at) => {
    at('meta').put({ ...meta, last: null }, path);
    if (isOut && line) at('lines').put({ ...line, in: line.in.filter((one) => one !== list) }, id);
  });
}

async function offline(scan) {
  const meta = await read('meta', (store) => store.get(path));
  if (!meta || meta.keeper !== words.keeper) return no(words.unprepared);
  const one = await found(scan);
  if (!one) return no(words.unlisted);
  const { id, line, said } = one;
  const list = doorOf(scan);
  if (line.in.includes(list)) return no(words.already);
  const entry = await sealed(scan);
  await change(['queue', 'lines'], (at) => {
    at('queue').add(entry);
    at('lines').put(marked(line, list), id);
  });
  meanwhile.push(scan);
  return { tone: 'good', sign: '✓', title: words.welcome, words: [said.name, said.ticketType, words.later] };
}

async function pass(code) {
  if (isOver()) {
    await lost(new Ended());
    show(saysEnded());
    return;
  }
  const at = new Date(Date.now() + skew).toISOString();
  const scan = { key: crypto.randomUUID(), code, list: door(), at };
  if (navigator.onLine && Date.now() > down) {
    try {
      // What waited comes first.
      if (waiting > 0) await flush();
      const [outcome] = await send([scan]);
      // Where it cannot be written down the list stays as old as it was.
      await learn(scan, outcome).catch(() => {});
      show(outcome);
      return;
    } catch (error) {
      await lost(error);
      if (error instanceof Ended) {
        show(saysEnded());
        return;
      }
    }
  }
  const outcome = await offline(scan);
  await tell();
  show(outcome);
}

let turn = Promise.resolve();
const last = { code: '', at: 0 };
function scanned(text) {
  const code = text.trim().toUpperCase();
  const now = Date.now();
  const same = code === last.code && now - last.at < 3000;
  Object.assign(last, { code, at: now });
  if (!code || same) return;
  turn = turn.then(() => pass(code)).catch(() => show(no(words.unprepared)));
}

// Hours without a network.

async function keepPage() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(words.worker, { scope: path });
  const cache = await caches.open('door');
  const files = [...document.querySelectorAll('link[rel=stylesheet], link[rel=icon], script[src]')].map((file) => file.href || file.src);
  await cache.addAll([path, ...files, words.reader, new URL('index.js', new URL(words.reader, location)).href]);
}

async function prepare() {
  byId('prepared').textContent = words.preparing;
  try {
    await renew();
    await flush();
    const list = door();
    const all = [];
    let page = { after: '' };
    meanwhile = [];
    do {
      page = await post('list', { list, after: page.after }, 60);
      all.push(...page.lines);
    } while (page.after);
    await change(['meta', 'lines'], (at) => {
      at('lines').delete(lines());
      for (const [key, text, isIn] of all) at('lines').put({ sealed: text, in: isIn ? [list || 'main'] : [] }, `${path} ${key}`);
      at('meta').put({ salt: page.salt, keeper: words.keeper, count: all.length, takenAt: Date.now() }, path);
    });
    for (const scan of meanwhile) await learn(scan, { tone: 'good' });
    await keepPage();
    await navigator.storage?.persist?.();
    await tell();
  } catch (error) {
    await lost(error);
    byId('prepared').textContent = words.failed;
  }
}

async function seen() {
  const all = await here('conflicts');
  await change(['conflicts'], (at) => { for (const { id } of all) at('conflicts').delete(id); });
  await tell();
}

// Signing out and ending clear what the browser keeps, also what waits.
function leaving(event) {
  if (unsent === 0 || !byId('unsent').hidden) return;
  event.preventDefault();
  byId('unsent').hidden = false;
}

async function look() {
  await tell();
  if (waiting > 0 && navigator.onLine) await flush().catch(lost);
}

// The camera.

const video = byId('camera');
let stream = null;

async function reader() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
  if (formats?.includes('qr_code')) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }
  const { default: decode } = await import(words.reader);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async () => {
    const scale = Math.min(1, 800 / video.videoWidth);
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decode(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return null;
    }
  };
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.hidden = true;
  byId('look').textContent = words.start;
}

async function start() {
  try {
    const readOne = await reader();
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    video.srcObject = stream;
    video.hidden = false;
    byId('look').textContent = words.stop;
    await video.play();
    while (stream) {
      const text = video.videoWidth > 0 ? await readOne() : null;
      if (text) scanned(text);
      await new Promise((resolve) => { setTimeout(resolve, 150); });
    }
  } catch {
    stop();
    show(no(words.blind));
  }
}

async function begin() {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    scanned(form.elements.code.value);
    form.elements.code.value = '';
    form.elements.code.focus();
  });
  byId('prepare').addEventListener('click', prepare);
  byId('seen').addEventListener('click', seen);
  byId('look').addEventListener('click', () => (stream ? stop() : start()));
  document.querySelector('form[data-clears]')?.addEventListener('submit', leaving);
  addEventListener('online', () => { down = 0; look(); });
  setInterval(look, 10_000);
  device.hidden = false;
  const kept = await read('meta', (its) => its.get(path));
  if (kept && (kept.keeper !== words.keeper || Date.now() - kept.takenAt > TWO_DAYS)) await forget();
  if (isOver()) await lost(new Ended());
  await unlearn();
  await look();
}

// A device that has ended: the list and the page go, and what waits stays until it is sent or somebody deletes it.

async function end() {
  // Whoever only looks at the page keeps nothing.
  const all = await indexedDB.databases?.();
  if (all && !all.some(({ name }) => name === 'door')) return;
  await forget();
  if (globalThis.caches) await (await caches.open('door')).delete(path);
  const queue = await here('queue');
  over.hidden = queue.length === 0;
  byId('kept').textContent = queue.length;
  byId('discard').addEventListener('click', async () => {
    if (byId('sure').hidden) {
      byId('sure').hidden = false;
      return;
    }
    await change(['queue'], (at) => { for (const { id } of queue) at('queue').delete(id); });
    over.hidden = true;
  });
}

await (over ? end() : begin());
