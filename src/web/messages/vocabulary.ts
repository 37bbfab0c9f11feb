// Owns the messages about closed lists, units and dates in words: what every area may need, in every language.
import type { Language } from '../languages.ts';
import ar from './vocabulary/ar.json' with { type: 'json' };
import de from './vocabulary/de.json' with { type: 'json' };
import en from './vocabulary/en.json' with { type: 'json' };
import es from './vocabulary/es.json' with { type: 'json' };
import fr from './vocabulary/fr.json' with { type: 'json' };
import it from './vocabulary/it.json' with { type: 'json' };
import ja from './vocabulary/ja.json' with { type: 'json' };
import zh from './vocabulary/zh.json' with { type: 'json' };

export const vocabulary = { en, fr, de, it, es, zh, ja, ar } satisfies Record<
  Language,
  Record<keyof typeof en, string>
>;
