// Owns the flat column set: every column by which one row of a workshop's file becomes a record, what it fills, how its
// cells are read, what it means and an example. docs/columns.md is this table. Reading rows never enters it.
import {
  CUSTODY_MODELS,
  EVIDENCE_LEVELS,
  HISTORY_KINDS,
  KINDS,
  MAKER_QUALIFIERS,
  METALS,
  OTHER_MATERIALS,
  RING_SIZE_SYSTEMS,
  STONE_NATURES,
} from './vocabulary.ts';

/** A decimal as the file writes it and the whole number a record holds: value × 10^digits. */
export interface Measure {
  readonly unit: string;
  readonly digits: number;
  readonly min: number;
  readonly max: number;
}

const measure = (unit: string, digits: number, min: number, max: number): Measure => ({ unit, digits, min, max });

export const MEASURES = {
  gram: measure('g', 3, 1, 100_000_000),
  millimetre: measure('mm', 3, 1, 10_000_000),
  micrometre: measure('µm', 3, 1, 10_000_000),
  carat: measure('ct', 3, 1, 500_000_000),
  percent: measure('%', 1, 0, 1000),
  depth: measure('%', 1, 1, 2000),
  table: measure('%', 1, 1, 1000),
  thousandths: measure('thousandths', 0, 1, 1000),
  pieces: measure('pieces', 0, 1, 100_000),
  year: measure('', 0, 1300, 9999),
} as const;

/** Test results: "0.2" or "<0.2". */
export const LIMITS = {
  nickel: measure('µg/cm² a week', 3, 0, 1_000_000_000),
  content: measure('mg/kg', 0, 0, 1_000_000_000),
} as const;

export const WORDS = {
  kind: KINDS,
  'recorded-as': ['maker', 'custodian'],
  qualifier: Object.keys(MAKER_QUALIFIERS),
  'ring-size': RING_SIZE_SYSTEMS,
  metal: METALS,
  custody: Object.keys(CUSTODY_MODELS),
  nature: Object.keys(STONE_NATURES),
  other: OTHER_MATERIALS,
  evidence: Object.keys(EVIDENCE_LEVELS),
  history: HISTORY_KINDS,
} as const;

/**
 * One row a column: name | what it fills | how it is read | marks | meaning | example. In a name, # stands for the
 * number of a repeated group, up to what follows the slash. Marks: "!" its group is nothing without it; "?" the word
 * unknown is kept as an answer, where otherwise it is the same as a blank cell.
 */
const TABLE = `
gtin | code.gtin | gtin | | The article's GTIN: 8, 12, 13 or 14 digits, within your own GS1 prefix | 09506000134352
serial | code.serial | serial | | Serial number under that GTIN; drawn at random if left out | 7K2M9QX41B0T
code | code.code | own-code | | A code you already printed, instead of gtin and serial | 00000000000000000
claim_key | claimKey | claim-key | | Address of the piece's claim card (touchstone cards make); no card if left out | 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf
title | title | line 300 | ! | What you call the piece | Garnet ring
kind | kind | word kind | ! | What it is | ring
language | language | language | | Language of your own words; English if left out | en
recorded_as | recordedAs | word recorded-as | | Whether you made the piece or hold it; maker if left out | maker
story | story | prose 8000 | | The piece's story in your words | Made to order.
maker | maker.name | line 300 | ! | Who made it, if you want to name the hand or the house | Ada Moreau
maker_qualifier | maker.qualifier | word qualifier | | How sure that is; stated if left out | stated
made_place | made.place.text | line 500 | | Where it was made | Porto
made_country | made.place.country | country | | The country of that place, two letters | PT
made_date | made.date.text | line 200 | | When it was made, in your words | spring 2025
made_from | made.date.from | point | | First year (-50 is 50 before Christ) or day it can have been made | 2025-03-01
made_to | made.date.to | point | | Last year or day it can have been made | 2025-05-31
mass_g | massMg | measure gram | | What the whole piece weighs | 4.215
height_mm | dimensions.heightUm | measure millimetre | | Height | 24.5
width_mm | dimensions.widthUm | measure millimetre | | Width | 21
depth_mm | dimensions.depthUm | measure millimetre | | Depth | 6.2
length_mm | dimensions.lengthUm | measure millimetre | | Length | 450
diameter_mm | dimensions.diameterUm | measure millimetre | | Diameter | 17.3
ring_size | dimensions.ringSize.value | line 20 | ! | Ring size | 54
ring_size_system | dimensions.ringSize.system | word ring-size | ! | The system of that size | iso-8653
dimensions_stated | dimensions.stated | prose 1000 | | Dimensions in your own words | 24 mm high with its loop
metal_#/8 | materials[].metal | word metal | !? | A metal of the piece; its other columns belong to it | gold
metal_#_alloy | materials[].alloy | line 200 | | What the alloy is called | 750 yellow
metal_#_colour | materials[].colour | line 50 | | Colour | yellow
metal_#_fineness | materials[].fineness | measure thousandths | ? | Fineness: 750 is 18 carat | 750
metal_#_mass_g | materials[].massMg | measure gram | ? | What that metal weighs | 3.2
metal_#_recycled_percent | materials[].recycledShare | measure percent | ? | Recycled share | 100
metal_#_plating | materials[].plating[].metal | word metal | !? | What it is plated with | rhodium
metal_#_plating_um | materials[].plating[].thicknessNm | measure micrometre | | Thickness of the plating | 0.25
metal_#_hallmark_sponsor | materials[].hallmarks[].sponsor | line 100 | | Sponsor's or maker's mark | AM
metal_#_hallmark_fineness | materials[].hallmarks[].fineness | measure thousandths | | Fineness mark | 750
metal_#_assay_office | materials[].hallmarks[].assayOffice | line 200 | | Assay office that stamped it | Assay Office Porto
metal_#_hallmark_year | materials[].hallmarks[].year | measure year | | Year of the hallmark | 2025
metal_#_origin_country | materials[].origin.country | country | | Country the metal comes from, two letters | PE
metal_#_custody | materials[].custody | word custody | ? | How its origin was kept track of | segregated
metal_#_lot | materials[].lot | lot | | The lot it was drawn from | 0x0000000000000000000000000000000000000000000000000000000000000003
metal_#_stated | materials[].stated | prose 1000 | | The metal in your own words | 18 carat yellow gold
metal_#_part | materials[].part | line 200 | | Which part of the piece | shank
stone_#/16 | materials[].species | line 100 | !? | A stone, or a group of equal stones; its other columns belong to it | garnet
stone_#_nature | materials[].nature | word nature | ? | Natural, treated, laboratory-grown, imitation | natural
stone_#_variety | materials[].variety | line 100 | | Variety | pyrope
stone_#_treatments | materials[].treatments | list 200 16 | ? | Treatments, separated by semicolons | heated; oiled
stone_#_count | materials[].count | measure pieces | ? | How many | 1
stone_#_carat | materials[].caratThousandths | measure carat | ? | Weight of all of them together | 0.253
stone_#_shape | materials[].shape | line 100 | | Shape | oval
stone_#_cut | materials[].cut | line 100 | | Cut | cabochon
stone_#_colour | materials[].colour | line 100 | ? | Colour | red
stone_#_clarity | materials[].clarity | line 100 | ? | Clarity | VS1
stone_#_depth_percent | materials[].depthPerThousand | measure depth | ? | Depth in percent of the diameter | 61.5
stone_#_table_percent | materials[].tablePerThousand | measure table | ? | Table in percent of the diameter | 55
stone_#_length_mm | materials[].measuresUm.length | measure millimetre | ? | Length of the stone | 5.1
stone_#_width_mm | materials[].measuresUm.width | measure millimetre | ? | Width of the stone | 4
stone_#_height_mm | materials[].measuresUm.height | measure millimetre | ? | Height of the stone | 2.43
stone_#_setting | materials[].setting | line 200 | | Setting | bezel
stone_#_report_issuer | materials[].report.issuer | line 200 | ! | Laboratory that reported on it | Gem Laboratory
stone_#_report_number | materials[].report.number | line 100 | ! | Number of that report | 100200300
stone_#_inscription | materials[].inscription | line 200 | | What is inscribed on the stone | 100200300
stone_#_origin_country | materials[].origin.country | country | | Country the stone comes from, two letters | LK
stone_#_custody | materials[].custody | word custody | ? | How its origin was kept track of | identity-preserved
stone_#_lot | materials[].lot | lot | | The lot it was drawn from | 0x0000000000000000000000000000000000000000000000000000000000000003
stone_#_stated | materials[].stated | prose 1000 | | The stone in your own words | a red garnet
stone_#_part | materials[].part | line 200 | | Which part of the piece | centre
other_#/8 | materials[].material | word other | !? | A material that is neither metal nor stone; its other columns belong to it | enamel
other_#_description | materials[].description | line 500 | | What it is exactly | green enamel
other_#_mass_g | materials[].massMg | measure gram | ? | What it weighs | 0.4
other_#_origin_country | materials[].origin.country | country | | Country it comes from, two letters | FR
other_#_custody | materials[].custody | word custody | ? | How its origin was kept track of | none
other_#_lot | materials[].lot | lot | | The lot it was drawn from | 0x0000000000000000000000000000000000000000000000000000000000000003
other_#_stated | materials[].stated | prose 1000 | | The material in your own words | enamel on the shoulders
other_#_part | materials[].part | line 200 | | Which part of the piece | shoulders
nickel_ug_cm2_week | restrictedSubstances[].nickel-release | limit nickel | ? | Nickel release in µg a cm² and week, measured or "<" | <0.2
lead_mg_kg | restrictedSubstances[].lead | limit content | ? | Lead content, measured or "<" | <90
cadmium_mg_kg | restrictedSubstances[].cadmium | limit content | ? | Cadmium content, measured or "<" | 12
claim_#/8 | claims[].statement | prose 1000 | ! | Something you state about the whole piece | Made by hand
claim_#_evidence | claims[].evidence | word evidence | | Who stands behind it; self-declared if left out | third-party
claim_#_by | claims[].by | line 200 | | Who that is | Fair Metals Council
claim_#_reference | claims[].reference | line 200 | | Their number or document | FM-2025-118
inscription_#/16 | inscriptions[].text | prose 3000 | ! | What is engraved or stamped | A.M. 1/25
inscription_#_type | inscriptions[].type | line 200 | | What sort of inscription | signature
inscription_#_place | inscriptions[].place | line 200 | | Where it stands | inside the shank
craftsmanship_#/16 | craftsmanship[] | prose 2000 | ! | How it was made | Raised and chased by hand
care_#/16 | care[] | prose 1000 | ! | How to care for it | Soft cloth, no ultrasound
history_#/32 | history[].text | prose 2000 | ! | A step of its history, in the words of whoever tells it | Ada Moreau, Porto, 2025
history_#_holder | history[].holder | line 500 | | Who held it then | Ada Moreau
history_#_kind | history[].kind | word history | | What sort of step; other if left out | holder
image_#_sha256/16 | images[].sha256 | sha256 | ! | SHA-256 of the picture's file | 0x0000000000000000000000000000000000000000000000000000000000000001
image_#_type/16 | images[].mediaType | media-type | ! | Its media type | image/jpeg
image_#_alt/16 | images[].alt | line 500 | ! | What the picture shows | The ring from above
document_#_sha256/16 | documents[].sha256 | sha256 | ! | SHA-256 of the document's file | 0x0000000000000000000000000000000000000000000000000000000000000002
document_#_type/16 | documents[].mediaType | media-type | ! | Its media type | application/pdf
document_#_title/16 | documents[].title | line 300 | ! | Its title | Laboratory report
link_#/16 | links[].url | url | ! | A page about the piece | https://example.com/rings/7
link_#_title | links[].title | line 300 | | What that page is | The ring on our site
descriptor_#_type/32 | descriptors[].type | line 100 | ! | What a number or word of your own is: model, collection, inventory | Model
descriptor_#_value/32 | descriptors[].value | prose 2000 | ! | That number or word | R-118
`;

export interface Column {
  /** As in a file's header, # standing for the number of a repeated group. */
  readonly name: string;
  /** How many of a repeated group there may be; 1 for a column that stands once. */
  readonly upTo: number;
  /** Path into the record; `[]` is a list that the group adds one entry to. */
  readonly fills: string;
  readonly reads: string;
  /** Its group is nothing without it. */
  readonly required: boolean;
  /** The word unknown is kept as an answer, where otherwise it is the same as a blank cell. */
  readonly keepsUnknown: boolean;
  readonly meaning: string;
  readonly example: string;
}

export const COLUMNS: readonly Column[] = parseTable();

function parseTable(): Column[] {
  const groups = new Map<string, number>();
  return TABLE.trim()
    .split('\n')
    .map((row) => {
      const [head = '', fills = '', reads = '', marks = '', meaning = '', example = ''] = row.split(/\s*\|\s*/);
      const [name = '', size] = head.split('/');
      const group = name.split('_#')[0] as string;
      if (size) groups.set(group, Number(size));
      const upTo = name.includes('#') ? (groups.get(group) as number) : 1;
      const marked = (mark: string) => marks.includes(mark);
      return { name, upTo, fills, reads, required: marked('!'), keepsUnknown: marked('?'), meaning, example };
    });
}
