// Owns how owners’ pages look: claiming, my pieces, handing over, live proof. Colours and type are touchstone.css.ts’s, keys
// and their sheet keys.css.ts’s; claiming is claim.css.ts’s, what an owner does with her pieces own-pages.css.ts’s.
import { CLAIM_CSS } from './claim.css.ts';
import { KEYS_CSS } from './keys.css.ts';
import { OWN_PAGES_CSS } from './own-pages.css.ts';

export const OWNER_CSS: string = `${KEYS_CSS}${CLAIM_CSS}${OWN_PAGES_CSS}`;
