// Looks again how far something is, and shows it in its place; the link beside it does the same. It asks while there is
// something to wait for and the page is seen, and no more.

const PAUSE = 3000;
// How long something that was just begun here may take to show.
const PATIENCE = 30000;

const region = document.querySelector('[data-progress]');
let patient = 0;
let timer;

const waits = () => 'runs' in region.dataset || Date.now() < patient;

async function look() {
  timer = undefined;
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store', redirect: 'manual' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-progress]');
    // Signed out meanwhile, or gone: the link says so.
    if (!answer.ok || !fresh) return;
    // What is the same is not said again.
    if (fresh.innerHTML !== region.innerHTML) region.replaceChildren(...fresh.childNodes);
    region.toggleAttribute('data-runs', 'runs' in fresh.dataset);
    if ('runs' in region.dataset) patient = 0;
  } catch {
    // No network: it is tried again.
  }
  again();
}

function again() {
  if (waits() && !document.hidden && timer === undefined) timer = setTimeout(look, PAUSE);
}

document.addEventListener('visibilitychange', again);
for (const link of document.querySelectorAll('[data-begins]')) {
  link.addEventListener('click', () => {
    patient = Date.now() + PATIENCE;
    again();
  });
}
again();
