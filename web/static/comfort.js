// Pages work without this. It adds: the visitor's own clock beside the event's, a form that cannot be sent twice by
// accident, and a hint of what is missing before a form leaves.

const language = document.documentElement.lang;

for (const time of document.querySelectorAll('time[data-zone]')) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const at = new Date(time.dateTime);
  const format = (timeZone) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);
  if (format(zone) === format(time.dataset.zone)) continue;
  const own = time.parentElement.querySelector('.own-clock');
  if (own) own.textContent = own.dataset.words.replace('%', `${format(zone)} (${zone})`);
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
