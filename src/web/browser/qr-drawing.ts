// Owns drawing a QR code in the page, for what may not leave the device: addresses with a secret behind #.
import { create } from 'qrcode';

const SVG = 'http://www.w3.org/2000/svg';
/** Light modules around it, as ISO/IEC 18004 asks for. */
const QUIET = 4;

/** @param label what is said instead of it; never what it says */
export function qrDrawing(text: string, label: string, level: 'L' | 'M' | 'Q' = 'M'): SVGSVGElement {
  const { size, data } = create(text, { errorCorrectionLevel: level }).modules;
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', `0 0 ${size + 2 * QUIET} ${size + 2 * QUIET}`);
  drawing.setAttribute('role', 'img');
  drawing.setAttribute('aria-label', label);
  drawing.setAttribute('class', 'qr');
  drawing.setAttribute('shape-rendering', 'crispEdges');
  drawing.append(path(`M0 0h${size + 2 * QUIET}v${size + 2 * QUIET}H0z`, '#fff'), path(modules(size, data), '#000'));
  return drawing;
}

function path(d: string, fill: string): SVGPathElement {
  const drawn = document.createElementNS(SVG, 'path');
  drawn.setAttribute('d', d);
  drawn.setAttribute('fill', fill);
  return drawn;
}

/** Dark runs of each row, as one path. */
function modules(size: number, data: Uint8Array): string {
  let d = '';
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (data[y * size + x] !== 1) continue;
      const from = x;
      while (x < size && data[y * size + x] === 1) x++;
      d += `M${from + QUIET} ${y + QUIET}h${x - from}v1h${from - x}z`;
    }
  }
  return d;
}
