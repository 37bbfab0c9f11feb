// Owns the messages about certificates, and who vouches for what, in every language.
import type { Language } from '../languages.ts';
import ar from './certificates/ar.json' with { type: 'json' };
import de from './certificates/de.json' with { type: 'json' };
import en from './certificates/en.json' with { type: 'json' };
import es from './certificates/es.json' with { type: 'json' };
import fr from './certificates/fr.json' with { type: 'json' };
import it from './certificates/it.json' with { type: 'json' };
import ja from './certificates/ja.json' with { type: 'json' };
import zh from './certificates/zh.json' with { type: 'json' };

export const certificates = { en, fr, de, it, es, zh, ja, ar } satisfies Record<
  Language,
  Record<keyof typeof en, string>
>;
