// Owns the messages about what is printed: the certificate of authenticity, in every language.
import type { Language } from '../languages.ts';
import ar from './paper/ar.json' with { type: 'json' };
import de from './paper/de.json' with { type: 'json' };
import en from './paper/en.json' with { type: 'json' };
import es from './paper/es.json' with { type: 'json' };
import fr from './paper/fr.json' with { type: 'json' };
import it from './paper/it.json' with { type: 'json' };
import ja from './paper/ja.json' with { type: 'json' };
import zh from './paper/zh.json' with { type: 'json' };

export const paper = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
