// Owns the messages about a passport’s page: its verdict, the piece, its materials, what is proven, in every language.
import type { Language } from '../languages.ts';
import ar from './passport/ar.json' with { type: 'json' };
import de from './passport/de.json' with { type: 'json' };
import en from './passport/en.json' with { type: 'json' };
import es from './passport/es.json' with { type: 'json' };
import fr from './passport/fr.json' with { type: 'json' };
import it from './passport/it.json' with { type: 'json' };
import ja from './passport/ja.json' with { type: 'json' };
import zh from './passport/zh.json' with { type: 'json' };

export const passport = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
