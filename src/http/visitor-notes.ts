// Owns what the passport's page says besides the record: the giver's message, and whether the piece's code was scanned
// unusually. Read with the page, so it is as old as that: a second.
import type { Passport } from '../core/passport.ts';
import { shownGift } from '../ledger/gifts.ts';
import { scansOfPiece, todayOf } from '../ledger/scans.ts';
import type { Ledger } from '../ports.ts';
import type { VisitorNotes } from '../web/telling.ts';

export async function visitorNotes(ledger: Ledger, passport: Passport): Promise<VisitorNotes> {
  const { db } = ledger;
  const [gift, { unusual, displays }] = await Promise.all([
    shownGift(db, passport),
    scansOfPiece(db, passport.path, passport.registrant.address, todayOf(ledger)),
  ]);
  if (unusual.length === 0) return { gift };
  const unexplained = unusual.some(({ onDisplay }) => !onDisplay);
  const until = displays
    .map((display) => display.until)
    .sort()
    .at(-1);
  return { gift, scans: unexplained || until === undefined ? { displayUntil: null } : { displayUntil: until } };
}
