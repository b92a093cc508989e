// On every page: the theme button, and word of a newer generation. The page itself stays on its generation.
const root = document.documentElement;
document.querySelector('#theme')?.addEventListener('click', () => {
  root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  try { localStorage.setItem('theme', root.dataset.theme); } catch { /* storage is off: until the next page */ }
  window.dispatchEvent(new Event('themechange'));
});

const SECONDS_BETWEEN_LOOKS = 15;
const notice = document.querySelector('#newer');
async function look() {
  try {
    const answer = await fetch('/api/generation');
    if (!answer.ok) return;
    const { published_id: published } = await answer.json();
    const own = root.dataset.generation ?? '';
    if (!published || published === own) { notice.hidden = true; return; }
    const here = new URL(location.href);
    here.searchParams.delete('generation');
    notice.querySelector('span').textContent = own
      ? `A newer generation, ${published}, is published. This page stays on ${own}.`
      : `A generation, ${published}, is published now.`;
    notice.querySelector('a').href = here.pathname + here.search + here.hash;
    notice.hidden = false;
  } catch { /* the server is stopped: the page says so where it asks for data */ }
}
setInterval(look, SECONDS_BETWEEN_LOOKS * 1000);
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
if (root.hasAttribute('data-pinned') || !root.dataset.generation) look();
