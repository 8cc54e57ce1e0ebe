// Pages work without this. It adds: the visitor's own clock beside the event's, a form that cannot be sent twice by
// accident, the lines of a table by keys, and boxes that say at once what they give when single fields are changed. It ticks nothing.

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

for (const form of document.forms) {
  if (form.method !== 'post') continue;
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    // Going back in history shows the page as it was left.
    addEventListener('pageshow', () => delete form.dataset.sent, { once: true });
  });
}

const problems = document.querySelector('.problems');
if (problems) problems.focus();

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
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
