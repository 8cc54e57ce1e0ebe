// The sum of the tickets follows what is chosen. The page itself is asked, as its button asks it: there is one rule of prices,
// and it is not here.

const PAUSE = 300;

const form = document.querySelector('form.tickets');
const sum = document.getElementById('sum');
let timer;
let asked = 0;

async function ask(mine) {
  const body = new URLSearchParams(new FormData(form));
  body.set('go', 'tickets');
  let fresh = null;
  try {
    const answer = await fetch(location.pathname, { method: 'POST', body, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('sum');
  } catch {
    // No network: the next step says it.
  }
  if (mine !== asked) return;
  sum.removeAttribute('aria-busy');
  // An old sum is worse than none.
  if (fresh) sum.replaceChildren(...fresh.childNodes);
  else sum.querySelector('.price').textContent = '–';
}

function again() {
  asked += 1;
  sum.setAttribute('aria-busy', 'true');
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE, asked);
}

form.addEventListener('change', again);
// Going back in history, the browser remembers what was chosen, and not what it cost.
addEventListener('pageshow', () => {
  if ([...form.querySelectorAll('option')].some((one) => one.selected !== one.defaultSelected)) again();
});
