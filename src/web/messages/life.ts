// Owns the messages about what happens to a piece: its timeline, its keeper, its care, in every language.
import type { Language } from '../languages.ts';
import ar from './life/ar.json' with { type: 'json' };
import de from './life/de.json' with { type: 'json' };
import en from './life/en.json' with { type: 'json' };
import es from './life/es.json' with { type: 'json' };
import fr from './life/fr.json' with { type: 'json' };
import it from './life/it.json' with { type: 'json' };
import ja from './life/ja.json' with { type: 'json' };
import zh from './life/zh.json' with { type: 'json' };

export const life = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
