// A walk through the pages in Chromium, which judges every page on the way: WCAG 2.2 AA (axe-core), valid HTML, no overflow,
// nothing that moves because something came late, no request to anywhere else, no cookie that is not in the register, no error
// in the console. For programs that are called with the program's address, a folder for profiles, and a file with facts in JSON.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const modules = process.env.CONSENTRY_TEST_NODE_MODULES || path.join(__dirname, 'node_modules');
const { chromium } = require(path.join(modules, 'playwright-core'));
const { HtmlValidate, StaticConfigLoader } = require(path.join(modules, 'html-validate'));
const axe = fs.readFileSync(path.join(modules, 'axe-core/axe.min.js'), 'utf8');

const [base, folder, written] = process.argv.slice(2);
const facts = JSON.parse(fs.readFileSync(written, 'utf8'));
// The register of cookies, as people read it.
const privacy = fs.readFileSync(path.join(__dirname, '../../docs/privacy.md'), 'utf8');
const COOKIES = [...privacy.matchAll(/^\| `(__Host-[a-z]+)` \|/gm)].map((found) => found[1]);
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const blemishes = new Set();
let total = 0;
// The sum of what moved on a page without anybody's doing (Layout Instability): this much is nothing that anybody sees.
const MOST_MOVED = 0.01;
const watchMoves = () => {
  window.moved = 0;
  window.whatMoved = [];
  const named = ({ node, previousRect: from, currentRect: to }) => {
    const element = node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement;
    return `${element?.cloneNode().outerHTML.slice(0, 120)} by ${to.x - from.x}, ${to.y - from.y}`;
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries().filter((one) => !one.hadRecentInput)) {
      window.moved += entry.value;
      window.whatMoved.push(...entry.sources.map(named));
    }
  }).observe({ type: 'layout-shift', buffered: true });
};
const html = new HtmlValidate(new StaticConfigLoader({
  extends: ['html-validate:recommended'],
  rules: {
    // Written by a template engine: how it is indented and quoted is nobody's business.
    'no-trailing-whitespace': 'off', 'void-style': 'off', 'long-title': 'off', 'attr-quotes': 'off',
    // `name="share.x"` and ids made of public ids are opaque.
    'valid-id': ['error', { relaxed: true }],
    'no-inline-style': 'error', 'form-dup-name': 'off', 'doctype-style': 'off',
    // Buttons without a type submit, which is what they are for.
    'no-implicit-button-type': 'off',
    'no-implicit-input-type': 'off',
    // Attributes are written as the browser writes them down again, which is read as well.
    'attribute-empty-style': 'off', 'attribute-boolean-style': 'off',
  },
}));

function demand(holds, words) {
  if (!holds) throw new Error(words);
}

const found = async (text) => {
  const report = await html.validateString(text.replace(/<!DOCTYPE html>/, '<!doctype html>'));
  return report.results.flatMap((result) => result.messages).map((m) => `${m.ruleId} at ${m.line}: ${m.message}`);
};

// Presses the first of what is selected, and waits for where it leads.
const pressing = (page) => async (selector) => { await page.locator(selector).first().click(); await page.waitForLoadState(); };

// Only these walks, while one is being written.
const WANTED = new RegExp(process.env.CONSENTRY_TEST_WALKS || '');

class Walk {
  constructor(name, options) {
    this.name = name;
    this.options = options;
    this.pages = 0;
    this.largest = 0;
    this.moved = 0;
    // The page as it was sent, until it is looked at; and how many were.
    this.source = '';
    this.read = 0;
    // Another origin that may be asked: where one pays.
    this.elsewhere = base;
    this.began = Date.now();
  }

  async run(steps) {
    if (!WANTED.test(this.name)) return;
    const profile = fs.mkdtempSync(path.join(folder, 'profile-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium', headless: true, args: FLAGS, locale: 'en-GB', timezoneId: 'America/New_York', ...this.options,
    });
    this.context = context;
    if (this.options.javaScriptEnabled !== false) await context.addInitScript(watchMoves);
    this.wrong = [];
    const page = context.pages()[0] || await context.newPage();
    this.page = page;
    page.setDefaultTimeout(20_000);
    page.on('request', (request) => {
      const url = request.url();
      if (![base, this.elsewhere, 'data:'].some((one) => url.startsWith(one))) this.wrong.push(`asks ${new URL(url).origin}`);
    });
    page.on('response', (response) => {
      const isPage = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
      const leads = response.status() >= 300 && response.status() < 400;
      if (isPage && !leads && response.headers()['content-type']?.startsWith('text/html')) this.source = response.text().catch(() => '');
      if (response.status() >= 500) this.wrong.push(`${response.status()} at ${new URL(response.url()).pathname}`);
    });
    page.on('pageerror', (error) => this.wrong.push(error.message));
    page.on('console', (message) => {
      // Chromium reports a form that has to be looked at again as a failure.
      const isOurs = this.elsewhere === base || !message.location().url.startsWith(this.elsewhere);
      if (message.type() === 'error' && isOurs && !/status of 4(22|04)/.test(message.text())) this.wrong.push(message.text());
    });
    try {
      await steps(this, page);
    } catch (error) {
      error.message = `${this.name}, on “${await page.title().catch(() => '?')}”: ${error.message}`;
      throw error;
    } finally {
      await context.close();
    }
    demand(this.read > 0, `${this.name}: no page was read as it was sent`);
    console.log(`${this.name}: ${this.pages} pages, the largest of ${Math.ceil(this.largest / 1000)} kB, at most ${this.moved.toFixed(4)} moved; ${Math.round((Date.now() - this.began) / 1000)} s`);
    total += this.pages;
  }

  // Everything that holds on every page.
  async judge(title) {
    const { page } = this;
    this.title = title;
    demand(this.wrong.length === 0, this.wrong.join('; '));
    demand((await page.title()).includes(title), `the title is “${await page.title()}”, not “${title}”`);
    const text = await page.content();
    this.largest = Math.max(this.largest, Buffer.byteLength(text));
    demand(Buffer.byteLength(text) < 100_000, 'more than 100 kB of HTML');
    // As it was sent: a browser mends what it reads. Once, however often the page is looked at.
    const source = await this.source;
    this.source = '';
    this.read += source ? 1 : 0;
    const sent = source ? await found(source) : [];
    if (sent.length > 0) this.blemish(`HTML: ${sent.slice(0, 5).join('; ')}`);
    // And as scripts left it, where raw characters are the browser's.
    const shown = this.options.javaScriptEnabled === false ? [] : (await found(text)).filter((one) => !one.startsWith('no-raw-characters'));
    if (sent.length === 0 && shown.length > 0) this.blemish(`HTML after scripts: ${shown.slice(0, 5).join('; ')}`);
    // The checker's timers need JavaScript; the same pages are judged on the other walks.
    if (this.options.javaScriptEnabled !== false) await this.accessible();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) this.blemish(`${over} px wider than the window`);
    for (const cookie of await this.context.cookies()) {
      demand(COOKIES.includes(cookie.name) && cookie.secure && cookie.httpOnly && cookie.sameSite === 'Lax', `the cookie ${cookie.name}`);
    }
    this.pages += 1;
  }

  async accessible() {
    const { page } = this;
    const [moved, what] = await page.evaluate(() => [window.moved, window.whatMoved]);
    if (moved === undefined || moved > MOST_MOVED) this.blemish(`content moved by ${moved}: ${what?.slice(0, 5).join('; ')}`);
    this.moved = Math.max(this.moved, moved ?? 0);
    await page.evaluate(axe);
    const result = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), TAGS);
    const violations = result.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')})`);
    if (violations.length > 0) this.blemish(`axe: ${violations.join('; ')}`);
    // The same page in the other half of the day.
    const [own, other] = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches) ? ['dark', 'light'] : ['light', 'dark'];
    await page.emulateMedia({ colorScheme: other });
    const contrast = await page.evaluate(() => window.axe.run({ runOnly: { type: 'rule', values: ['color-contrast'] } }));
    const dim = contrast.violations.flatMap((v) => v.nodes).map((n) => n.target.join(' '));
    if (dim.length > 0) this.blemish(`axe, ${other}: too little contrast (${dim.slice(0, 3).join(', ')})`);
    await page.emulateMedia({ colorScheme: own });
  }

  // After an error the focus is on what says so, seen by whoever uses keys, with or without scripts.
  async isTold() {
    const { page } = this;
    const outline = () => page.evaluate(() => {
      const at = document.activeElement?.closest('.problems');
      return at ? getComputedStyle(document.activeElement).outlineStyle : null;
    });
    for (let looks = 0; looks < 20 && await outline() === null; looks += 1) await page.waitForTimeout(50);
    demand(await outline() === 'solid', `after an error the focus is on ${await page.evaluate(() => document.activeElement?.cloneNode().outerHTML)}`);
  }

  // What stands on paper and what does not.
  async prints(selectors, others) {
    const { page } = this;
    await page.emulateMedia({ media: 'print' });
    for (const selector of selectors) demand(await page.locator(selector).first().isVisible(), `${selector} is not printed`);
    for (const selector of others) demand(await page.locator(selector).filter({ visible: true }).count() === 0, `${selector} is printed`);
    await page.emulateMedia({ media: null });
  }

  // Noted, so that one walk tells of all of them; it fails in the end.
  blemish(words) {
    blemishes.add(`${this.name}, “${this.title}”: ${words}`);
  }

  // Moves the focus to it as a keyboard does.
  async reach(selector) {
    for (let step = 0; step < 150; step += 1) {
      if (await this.page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`the keyboard does not reach ${selector}`);
  }
}

// What people walk with: what presses something and what writes into a field. A mouse, or the keyboard alone.
const clicking = (page) => [pressing(page), (selector, text) => page.fill(selector, text)];
const keys = (walk, page) => [
  async (selector) => {
    await walk.reach(selector);
    const kind = await page.evaluate(() => document.activeElement.type || document.activeElement.localName);
    const submits = kind === 'a' || kind === 'submit';
    const away = submits ? page.waitForNavigation() : null;
    await page.keyboard.press(submits ? 'Enter' : 'Space');
    await away;
  },
  async (selector, text) => { await walk.reach(selector); await page.keyboard.insertText(text); },
];

const desktop = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' };
const zoomed = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2, colorScheme: 'dark' };

// A link signs in once; whoever comes again has its cookies.
const signedIn = new Map();
async function enter(walk, page, link) {
  await walk.context.clearCookies();
  if (signedIn.has(link)) {
    await walk.context.addCookies(signedIn.get(link));
    await page.goto(`${base}/me`);
  } else {
    await page.goto(link);
    await page.click('button[name=first]');
    await page.waitForLoadState();
    signedIn.set(link, await walk.context.cookies());
  }
  await walk.judge('My registrations');
}

// A button copies what stands before it, and says so; without scripts there is none.
async function copies(walk, page, text) {
  const button = page.locator('[data-copy]');
  if (walk.options.javaScriptEnabled === false) {
    demand(!await button.isVisible(), 'there is a button that does nothing');
    return;
  }
  await walk.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await button.click();
  await page.locator('[data-copy] + [role=status]', { hasText: 'Copied' }).waitFor();
  demand(await page.evaluate(() => navigator.clipboard.readText()) === text, 'something else is copied');
}

// What an authenticator shows now (RFC 6238).
function shownBy(secret) {
  const bits = [...secret].map((sign) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const hash = crypto.createHmac('sha1', key).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1000000).padStart(6, '0');
}

// Tells how many pages were judged; or, with an error, what was wrong, and ends with 1.
function finish(error) {
  if (!error && blemishes.size === 0) {
    console.log(`${total} pages judged`);
    return;
  }
  console.error([...blemishes, ...(error ? [error.message] : [])].join('\n'));
  process.exit(1);
}

module.exports = {
  Walk, base, clicking, copies, demand, desktop, enter, facts, finish, folder, keys, phone, pressing, shownBy, signedIn, zoomed,
};
