// Owns the papers of the sample: a one-page PDF of a few lines of text, the same bytes for the same lines at any time.
// Pictures, fonts of its own and anything that runs never enter it.

const LEADING = 18;

/** A page of A5 in Helvetica; the first line is its title. Characters beyond Latin-1 are written plainly. */
export function paper(lines: readonly string[]): Uint8Array {
  const [title = '', ...rest] = lines.map(shown);
  const shownLines = rest.map((text) => `0 -${LEADING} Td (${text}) Tj`).join('\n');
  const content = `BT /F1 15 Tf 48 540 Td (${title}) Tj 0 -12 Td /F1 10 Tf\n${shownLines}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Lang (en) >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** As a PDF string in Latin-1, one byte a character. */
function shown(line: string): string {
  const plain = line.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').replace(/[–—]/g, '-');
  return plain.replace(/[^\u0020-\u007e\u00a0-\u00ff]/g, '?').replace(/[\\()]/g, '\\$&');
}
