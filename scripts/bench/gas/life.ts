// Owns the jobs of a piece's life: shipments of many, a reported theft, work done with the owner's consent, and the sum of
// a whole life.
import { id, Wallet } from 'ethers';
import { type BatchHeader, batchIdOf, type TokenId, tokenIdOf } from '../../../src/core/batch.ts';
import { LIFE_KINDS } from '../../../src/core/life.ts';
import { rootOnly } from './claims.ts';
import { authorized } from './signing.ts';
import { bytes32, inPerson, type Stage } from './stage.ts';

/** Pieces of a shipment that is measured; each has moved before. */
export const SHIPPED = 50;
const OWNER = new Wallet(id('owner of a piece with a life'));

export async function measureLife(stage: Stage): Promise<void> {
  const { maker, bob, carol } = stage.people;
  const workshop = await stage.admit('atelier-life', ['maker'], maker);
  const shop = await stage.admit('shop-life', ['reseller'], bob);
  const branch = await stage.admit('branch-life', ['reseller'], carol);
  const header = rootOnly(workshop, 1_000, bytes32('a batch with a life'));
  await stage.prepare(maker, stage.pieces, 'register', [header, inPerson(maker)]);
  await measureShipments(stage, header, { workshop, shop, branch });
  const token = tokenIdOf(batchIdOf(header), 900);
  await stage.prepare(maker, stage.pieces, 'transferFrom', [workshop, OWNER.address, token]);
  await measureReport(stage, token);
  await measureWork(stage, tokenIdOf(batchIdOf(header), 901), workshop);
}

async function measureShipments(
  stage: Stage,
  header: BatchHeader,
  { workshop, shop, branch }: Readonly<Record<'workshop' | 'shop' | 'branch', string>>,
): Promise<void> {
  const { maker, bob, relayer } = stage.people;
  const tokens = Array.from({ length: SHIPPED }, (_, index) => tokenIdOf(batchIdOf(header), index));
  const elsewhere = tokenIdOf(batchIdOf(header), SHIPPED);
  const times = (moves: number) => tokens.map(() => moves);
  await stage.prepare(maker, stage.pieces, 'transferMany', [workshop, shop, tokens, times(0), inPerson(maker)]);
  await stage.prepare(maker, stage.pieces, 'transferFrom', [workshop, branch, elsewhere]);
  const message = { from: shop, to: branch, tokenIds: tokens, moves: times(1) };
  const consent = await authorized(stage, bob, 'TransferMany', message);
  const data = stage.pieces.abi.encodeFunctionData('transferMany', [shop, branch, tokens, times(1), consent]);
  const what = `${SHIPPED} pieces that have moved before, to a shop that has others, relayed`;
  await stage.act('batch-transfer-50', what, relayer, stage.pieces.address, data);
}

async function measureReport(stage: Stage, tokenId: TokenId): Promise<void> {
  const { abi, address } = stage.lifeEvents;
  const kind = LIFE_KINDS['reported-stolen'];
  const owner = await authorized(stage, OWNER, 'OwnerAct', { tokenId, kind, moves: 1, events: 0 });
  const data = abi.encodeFunctionData('report', [tokenId, kind, owner]);
  await stage.act('report-stolen-relayed', 'report a piece stolen, relayed', stage.people.relayer, address, data);
  const again = LIFE_KINDS['report-withdrawn'];
  const withdrawn = await authorized(stage, OWNER, 'OwnerAct', {
    tokenId,
    kind: again,
    moves: 1,
    events: 1,
  });
  const back = abi.encodeFunctionData('withdrawReport', [tokenId, withdrawn]);
  await stage.act('report-withdrawn-relayed', 'withdraw the report, relayed', stage.people.relayer, address, back);
}

async function measureWork(stage: Stage, tokenId: TokenId, workshop: string): Promise<void> {
  const { maker, alice, relayer } = stage.people;
  const { abi, address } = stage.lifeEvents;
  const atelier = await stage.admit('service-life', ['service'], alice);
  await stage.prepare(maker, stage.pieces, 'transferFrom', [workshop, OWNER.address, tokenId]);
  const fields = { tokenId, kind: LIFE_KINDS.repair, organisation: atelier, contentHash: bytes32('what was done') };
  const said = { ...fields, moves: 1, events: 0 };
  const service = await authorized(stage, alice, 'Record', said);
  const owner = await authorized(stage, OWNER, 'Record', said);
  const args = [tokenId, fields.kind, atelier, fields.contentHash, service, owner];
  const data = abi.encodeFunctionData('record', args);
  await stage.act('life-event', 'record work on a piece with its owner’s consent, relayed', relayer, address, data);
}

/** The jobs of one piece's life, whose sum is `whole-life`; the first by the share of a batch of 100,000. */
export const WHOLE_LIFE = ['claim', 'certificate-issue-relayed', 'handover', 'report-stolen-relayed'];
