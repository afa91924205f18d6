import {
  beaconBlockHeaderRoot,
  decodeLightClientUpdate,
  encodeLightClientUpdate,
  forkAt,
  initializeLightClientStore,
  processLightClientUpdate,
  readBootstrapJson,
  readUpdateJson,
  readVersioned,
  type LightClientStore,
  type LightClientUpdate,
} from '@causeway/light-clients'
import { expectBytes, expectRefusal, expectSame } from '../expectations.ts'
import { hasMembers, isListOf } from '../json-shape.ts'
import type { RecognisedFile, VectorFile, VectorFormat } from '../vector-file.ts'
import { inOrder, type Step } from './in-order.ts'
import { MAINNET, verifySyncAggregate } from './networks.ts'

const BESIDE = ['bootstrap.json', 'finality.json', 'optimistic.json'] as const

/**
 * A mainnet client's life as the Beacon API answered it: `updates.json`, with the bootstrap and the latest
 * finality and optimistic updates beside it. All are accepted in order, at the slot of the last signature.
 */
export const beaconApiFormat: VectorFormat = {
  name: 'ethereum-beacon-api',
  recognise(file): RecognisedFile | undefined {
    if (file.name !== 'updates.json' || !isListOf(file.json, 'version', 'data')) return undefined
    if (!file.json.every(({ data }) => hasMembers(data, 'attested_header', 'signature_slot')))
      return undefined
    const answers = [
      ...file.json.map((answer, i) => ({ name: `update ${i}`, answer })),
      ...['finality.json', 'optimistic.json'].flatMap((name) => {
        const text = file.siblingText(name)
        return text === undefined
          ? []
          : [{ name: name.replace('.json', ' update'), answer: JSON.parse(text) as unknown }]
      }),
    ]
    const bootstrap: Step<Session> = { name: 'bootstrap', run: () => startFrom(file) }
    const steps = answers.map(({ name, answer }) => ({
      name,
      run: (session: Session) => apply(session, answer),
    }))
    return { cases: inOrder<Session>(() => ({ store: undefined }), [bootstrap, ...steps]), context: BESIDE }
  },
}

interface Session {
  store: LightClientStore | undefined
}

function startFrom(file: VectorFile): Session {
  const bootstrap = readBootstrapJson(readVersioned(file.sibling('bootstrap.json')).data)
  // Only the block itself says which block was trusted.
  const root = beaconBlockHeaderRoot(bootstrap.header.beacon)
  return { store: initializeLightClientStore(MAINNET, root, bootstrap) }
}

function apply({ store }: Session, answer: unknown): Session {
  const { fork, data } = readVersioned(answer)
  const update = readUpdateJson(data)
  expectSame('the fork of the attested slot', forkAt(MAINNET, update.attestedHeader.beacon.slot).name, fork)
  expectSszRoundTrip(update, fork)
  const process = (from: LightClientStore, changed: LightClientUpdate) =>
    processLightClientUpdate(MAINNET, from, changed, changed.signatureSlot, verifySyncAggregate)
  const { beacon } = update.attestedHeader
  const altered = { ...beacon, proposerIndex: beacon.proposerIndex + 1n }
  expectRefusal('it with another proposer', () =>
    process(store!, { ...update, attestedHeader: { ...update.attestedHeader, beacon: altered } }),
  )
  const next = process(store!, update)
  const finalized = update.finalizedHeader?.beacon.slot ?? 0n
  const expected =
    finalized > store!.finalizedHeader.beacon.slot ? finalized : store!.finalizedHeader.beacon.slot
  expectSame('the finalised slot', next.finalizedHeader.beacon.slot, expected)
  return { store: next }
}

function expectSszRoundTrip(update: LightClientUpdate, fork: ReturnType<typeof readVersioned>['fork']): void {
  const bytes = encodeLightClientUpdate('LightClientUpdate', update, fork, MAINNET)
  const read = decodeLightClientUpdate('LightClientUpdate', bytes, fork, MAINNET)
  expectBytes('its SSZ', encodeLightClientUpdate('LightClientUpdate', read, fork, MAINNET), bytes)
}
