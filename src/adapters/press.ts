// Owns putting together what makes pictures and papers, as the service gets it.
import type { Press } from '../ports.ts';
import { printedPdf } from './certificate-pdf.ts';
import { labelSheet } from './label-sheet.ts';
import { makePhoto, photoForPrint } from './photo.ts';
import { wellKnownOf } from './well-known.ts';

export function openPress(): Press {
  return { photo: makePhoto, photoForPrint, sheet: printedPdf, labels: labelSheet, wellKnown: wellKnownOf() };
}
