// Owns the page that scans: whatever is scanned or typed leads on, and before it leaves this ledger it asks.
import { cameraPanel } from './camera-panel.ts';
import { byId, dataOf, onClick, setText, show } from './dom.ts';
import { inChosenLanguage } from './kept-language.ts';
import { leadOf } from './leads.ts';
import { onTypedScan } from './scanner.ts';
import { word } from './words.ts';

const { origin } = dataOf<{ origin: string }>('scan-data');
const panel = cameraPanel(follow);
onTypedScan(follow);
byId('typed-form').addEventListener('submit', (event) => {
  // Typed text may hold a card's secret: where it leads is found here, and it is not sent.
  event.preventDefault();
  follow(byId<HTMLInputElement>('typed').value);
});
onClick('again', () => {
  show('elsewhere', false);
  byId('camera-start').focus();
});

function follow(text: string): void {
  const lead = leadOf(text, [origin, location.origin]);
  show('elsewhere', false);
  setText('trouble', '');
  if (lead.kind === 'here') {
    panel.stop();
    setText('camera-state', word('check.scan.found'));
    location.assign(inChosenLanguage(lead.to));
  } else if (lead.kind === 'elsewhere') {
    panel.stop();
    const { host, card, path } = lead;
    setText('elsewhere-words', word(card ? 'check.scan.elsewhere-card' : 'check.scan.elsewhere-words', { host }));
    const open = byId<HTMLAnchorElement>('elsewhere-open');
    open.href = lead.to;
    open.textContent = word('check.scan.open', { host });
    const here = byId<HTMLAnchorElement>('elsewhere-here');
    show('elsewhere-here', path !== undefined);
    if (path !== undefined) here.href = inChosenLanguage(path);
    show('elsewhere');
    byId('elsewhere-heading').tabIndex = -1;
    byId('elsewhere-heading').focus();
  } else {
    const shown = (text.split('#')[0] ?? '').slice(0, 120);
    setText(
      'trouble',
      lead.kind === 'product' ? word('check.scan.product') : word('check.scan.no-code', { text: shown }),
    );
  }
}
