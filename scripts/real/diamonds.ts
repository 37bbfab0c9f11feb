// Owns how the public file of polished diamonds is read: which of its columns is what, and what is left out.
import type { ColumnMapping } from '../../src/core/columns.ts';

export const DIAMOND_MAPPING: ColumnMapping = {
  columns: {
    carat: 'stone_1_carat',
    cut: 'stone_1_cut',
    color: 'stone_1_colour',
    clarity: 'stone_1_clarity',
    depth: 'stone_1_depth_percent',
    table: 'stone_1_table_percent',
    x: 'stone_1_length_mm',
    y: 'stone_1_width_mm',
    z: 'stone_1_height_mm',
  },
  constants: {
    title: 'Polished diamond',
    kind: 'gemstone',
    recorded_as: 'custodian',
    stone_1: 'diamond',
    stone_1_nature: 'unknown',
    stone_1_count: '1',
  },
  ignore: ['price'],
  zeroIsUnknown: ['stone_1_length_mm', 'stone_1_width_mm', 'stone_1_height_mm'],
};
