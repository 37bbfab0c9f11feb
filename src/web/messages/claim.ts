// Owns the messages about claiming a piece with its card, in every language.
import type { Language } from '../languages.ts';
import ar from './claim/ar.json' with { type: 'json' };
import de from './claim/de.json' with { type: 'json' };
import en from './claim/en.json' with { type: 'json' };
import es from './claim/es.json' with { type: 'json' };
import fr from './claim/fr.json' with { type: 'json' };
import it from './claim/it.json' with { type: 'json' };
import ja from './claim/ja.json' with { type: 'json' };
import zh from './claim/zh.json' with { type: 'json' };

export const claim = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
