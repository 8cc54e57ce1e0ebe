// Pages work without this. It adds: the visitor's own clock beside the event's, a form that cannot be sent twice by
// accident, what is missing in a form beside its fields, buttons that copy, the lines of a table by keys, and boxes that say at
// once what they give when single fields are changed. It ticks nothing.

// Dates are written as the pages write them.
const language = { en: 'en-GB' }[document.documentElement.lang] ?? document.documentElement.lang;

for (const time of document.querySelectorAll('time[data-zone]')) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = new Date(time.dateTime);
  const format = (timeZone) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);
  if (format(zone) === format(time.dataset.zone)) continue;
  const own = time.parentElement.querySelector('.own-clock');
  // Short enough for one line of a phone: that much room is kept for it.
  if (own) own.textContent = own.dataset.words.replace('%', format(zone));
}

// A form is sent once: who presses twice meant it once. One that is answered with a file leaves its page where it is, and
// the next file is asked for on it.
const sent = new Map();
addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  const isFile = 'file' in form.dataset;
  const what = isFile ? new URLSearchParams(new FormData(form, event.submitter)).toString() : 'all';
  if (sent.get(form) === what) {
    event.preventDefault();
    return;
  }
  sent.set(form, what);
  // A page that is still there then has not got through, or has got its file.
  setTimeout(() => sent.get(form) === what && sent.delete(form), isFile ? 2000 : 10_000);
});
// Going back in history shows the page as it was left.
addEventListener('pageshow', () => sent.clear());

document.querySelector('.problems')?.focus();

// What the browser misses in a form is said beside its field, as what the server misses is. The form itself is sent as
// forms are: what comes then may be the next page, a file or somebody else's site, and going back has to work.
const wrong = new Map();
const main = document.querySelector('main');
let looked = false;

function because(field) {
  const { valueMissing, typeMismatch } = field.validity;
  if (valueMissing) return [main.dataset.missing];
  if (typeMismatch && field.type === 'email') return [main.dataset.noAddress];
  return [field.validationMessage, navigator.language];
}

function saying(field) {
  const id = `${field.id || field.name}-error`;
  const said = document.getElementById(id);
  if (said) return said;
  const line = document.createElement('p');
  Object.assign(line, { id, className: 'error' });
  (field.closest('label') ?? field).before(line);
  const about = field.getAttribute('aria-describedby');
  field.setAttribute('aria-describedby', about ? `${about} ${id}` : id);
  return line;
}

addEventListener('invalid', (event) => {
  event.preventDefault();
  const field = event.target;
  const line = saying(field);
  const [words, language] = because(field);
  line.textContent = words;
  if (language) line.lang = language;
  else line.removeAttribute('lang');
  field.setAttribute('aria-invalid', 'true');
  wrong.set(field, line);
  if (looked) return;
  // The first of them.
  looked = true;
  setTimeout(() => { looked = false; });
  for (let box = field.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
  field.focus();
}, true);

addEventListener('input', ({ target }) => {
  const line = wrong.get(target);
  if (!line || !target.validity.valid) return;
  const left = (target.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => id && id !== line.id);
  if (left.length > 0) target.setAttribute('aria-describedby', left.join(' '));
  else target.removeAttribute('aria-describedby');
  target.removeAttribute('aria-invalid');
  line.remove();
  wrong.delete(target);
});

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  const { previousElementSibling: text, nextElementSibling: told } = button;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      told.textContent = button.dataset.done;
    } catch {
      // Where the browser says no, it is at least marked.
      getSelection().selectAllChildren(text);
    }
  });
}

// The lines of a table by keys, and only while the focus is in it: a single key elsewhere is somebody's own.
for (const rows of document.querySelectorAll('[data-rows]')) {
  for (const keys of document.querySelectorAll('details.keys')) keys.hidden = false;
  rows.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === '/') {
      event.preventDefault();
      const words = document.getElementById('words');
      words?.focus();
      words?.select();
      return;
    }
    // With the frame itself in focus the arrows move what is seen of the table.
    if (event.target === rows && event.key.startsWith('Arrow')) return;
    const links = [...rows.querySelectorAll('tbody th a')];
    const at = links.indexOf(event.target.closest('tr')?.querySelector('th a'));
    const steps = { j: at + 1, ArrowDown: at + 1, k: at - 1, ArrowUp: at - 1 };
    const next = links[steps[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}

const sharing = document.querySelector('.sharing');
const putIn = '\ufffc';

function tell(purpose) {
  const box = purpose.querySelector('.gives');
  // Single fields may stand on the page only once they are asked for.
  if (!box || !purpose.querySelector('.lines')) return;
  const sent = [...purpose.querySelectorAll('.lines li')].filter((line) => {
    const change = line.querySelector('[type=checkbox]');
    return change.checked === change.name.endsWith('.with');
  });
  const words = purpose.querySelector('[data-words]');
  words.textContent = words.dataset.words.replace(putIn, () => sent.map((line) => line.firstElementChild.textContent).join(', ') || '–');
  box.disabled = sent.length === 0;
  if (box.disabled) box.checked = false;
}

sharing?.addEventListener('change', (event) => {
  const purpose = event.target.closest('.purpose');
  if (!purpose) return;
  tell(purpose);
  const shared = [...document.querySelectorAll('.partner')].filter((partner) => partner.querySelector('.gives:checked')).length;
  for (const tally of document.querySelectorAll('.tally')) tally.textContent = tally.dataset.words.replace(putIn, shared);
});

// What the browser kept of a form, going back in history, is told as well.
addEventListener('pageshow', () => sharing?.querySelectorAll('.purpose').forEach(tell));
