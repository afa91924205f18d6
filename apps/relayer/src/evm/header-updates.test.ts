import { FORK_NAMES, PRESETS, decodeLightClientUpdate } from '@causeway/light-clients'
import type { ChainConfig, LightClientHeader, LightClientUpdate } from '@causeway/light-clients'
import { Header, Misbehaviour } from '@causeway/protocol/causeway/lightclients/ethereum/v1/ethereum'
import { describe, expect, it } from 'vitest'

import type { Versioned } from './beacon-follower.ts'
import { buildHeaderUpdates, buildMisbehaviour } from './header-updates.ts'

// 64 slots a period.
const config: ChainConfig = {
  ...PRESETS.minimal,
  genesisValidatorsRoot: new Uint8Array(32),
  forks: [{ name: 'electra', epoch: 0n, version: Uint8Array.of(FORK_NAMES.indexOf('electra'), 0, 0, 1) }],
}
const word = (byte: number) => new Uint8Array(32).fill(byte)
const branch = (length: number) => Array.from({ length }, () => word(7))

/** A header that no chain has: only its slot counts here. */
function header(slot: bigint, history = 1): LightClientHeader {
  const roots = { parentHash: word(1), stateRoot: word(history), receiptsRoot: word(1), prevRandao: word(1) }
  return {
    beacon: { slot, proposerIndex: 0n, parentRoot: word(1), stateRoot: word(history), bodyRoot: word(1) },
    execution: {
      ...{
        ...roots,
        feeRecipient: new Uint8Array(20),
        logsBloom: new Uint8Array(256),
        extraData: new Uint8Array(),
      },
      ...{
        blockNumber: slot,
        gasLimit: 1n,
        gasUsed: 1n,
        timestamp: slot,
        baseFeePerGas: 1n,
        blockHash: word(1),
      },
      ...{ transactionsRoot: word(1), withdrawalsRoot: word(1), blobGasUsed: 0n, excessBlobGas: 0n },
    },
    executionBlockHash: undefined,
    executionBranch: branch(4),
  }
}

function update(attested: bigint, finalized: bigint, history = 1): Versioned<LightClientUpdate> {
  return {
    fork: 'electra',
    value: {
      attestedHeader: header(attested),
      nextSyncCommittee: {
        pubkeys: new Uint8Array(48 * 32).fill(1),
        aggregatePubkey: new Uint8Array(48).fill(1),
      },
      nextSyncCommitteeBranch: branch(6),
      finalizedHeader: header(finalized, history),
      finalityBranch: branch(7),
      syncAggregate: {
        syncCommitteeBits: new Uint8Array(4).fill(255),
        syncCommitteeSignature: new Uint8Array(96),
      },
      signatureSlot: attested + 1n,
    },
  }
}

/**
 * What a client at `latestHeight` is sent to reach a final update: `period` of each committee, `final`
 * slots.
 */
async function steps(latestHeight: bigint, knowsNextCommittee: boolean, attested: bigint, finalized: bigint) {
  const asked: bigint[] = []
  const committeeUpdate = async (period: bigint) => {
    asked.push(period)
    return update(period * 64n + 40n, period * 64n + 20n)
  }
  const client = { latestHeight, knowsNextCommittee }
  const updates = await buildHeaderUpdates(config, client, update(attested, finalized), committeeUpdate)
  const sent = updates.map(({ value }) => {
    const { fork, update: whole, finalityUpdate } = Header.decode(value)
    const kind = whole.length > 0 ? 'LightClientUpdate' : 'LightClientFinalityUpdate'
    const bytes = whole.length > 0 ? whole : finalityUpdate
    const read = decodeLightClientUpdate(kind, bytes, fork as 'electra', config)
    return `${kind === 'LightClientUpdate' ? 'committee' : 'finality'} ${read.finalizedHeader?.beacon.slot}`
  })
  return { asked, sent }
}

describe('header updates', () => {
  it('within a period are the finality update alone', async () => {
    expect(await steps(10n, false, 40n, 30n)).toEqual({ asked: [], sent: ['finality 30'] })
  })

  it('bring the committee of the signature’s period first', async () => {
    expect(await steps(10n, false, 90n, 80n)).toEqual({ asked: [0n], sent: ['committee 20', 'finality 80'] })
    // The last slot of a period is signed in the next.
    expect(await steps(10n, false, 63n, 50n)).toEqual({ asked: [0n], sent: ['committee 20', 'finality 50'] })
  })

  it('leave out what the client knows', async () => {
    expect(await steps(10n, true, 90n, 80n)).toEqual({ asked: [], sent: ['finality 80'] })
    expect(await steps(10n, true, 150n, 140n)).toEqual({
      asked: [1n],
      sent: ['committee 84', 'finality 140'],
    })
    expect(await steps(80n, false, 90n, 80n)).toEqual({ asked: [], sent: [] })
    expect(await steps(90n, false, 95n, 80n)).toEqual({ asked: [], sent: [] })
  })

  it('are one for each period that was missed, to a bound', async () => {
    const { asked, sent } = await steps(10n, false, 4n * 64n + 30n, 4n * 64n + 10n)
    expect(asked).toEqual([0n, 1n, 2n, 3n])
    expect(sent).toHaveLength(5)
    await expect(steps(10n, false, 64n * 40n, 64n * 39n)).rejects.toMatchObject({ failure: 'client' })
  })
})

describe('misbehaviour', () => {
  it('is two headers at one slot, and nothing else', () => {
    expect(buildMisbehaviour(config, [])).toEqual([])
    expect(buildMisbehaviour(config, [update(40n, 30n), update(41n, 30n), update(42n, 31n, 2)])).toEqual([])
    const [evidence] = buildMisbehaviour(config, [update(40n, 29n), update(40n, 30n), update(41n, 30n, 2)])
    const { header1, header2 } = Misbehaviour.decode(evidence?.value ?? new Uint8Array())
    expect([header1?.finalityUpdate.length, header2?.finalityUpdate.length]).not.toContain(0)
    expect(header1?.finalityUpdate).not.toEqual(header2?.finalityUpdate)
  })
})
