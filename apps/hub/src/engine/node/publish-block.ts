import type { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import { attributesOf } from '../events/attributes.ts'
import type { EventBus, PublishedEvent } from '../events/event-bus.ts'
import { toValidator } from '../chain/chain-state.ts'
import { leanEventJson, leanFinalizeJson, leanResultJson, validatorJson } from '../json/abci.ts'
import { blockIdJson, blockJson, evidenceJson, headerJson } from '../json/block.ts'
import { base64, hex, listOrNull } from '../json/scalars.ts'
import type { Json } from '../json/scalars.ts'
import type { AppliedBlock } from './apply-block.ts'

/**
 * Tells subscribers of a block, in CometBFT's order: block, header, events, evidence, transactions,
 * validators.
 */
export function publishBlock(bus: EventBus, applied: AppliedBlock): void {
  if (bus.isIdle) return
  const { made, response } = applied
  const height = String(made.header.height)
  bus.publish({
    type: 'NewBlock',
    attributes: () => attributesOf(response.events, [['tm.event', 'NewBlock']]),
    data: dataOf('NewBlock', () => ({
      block: blockJson(made.block),
      block_id: blockIdJson(made.blockId),
      result_finalize_block: leanFinalizeJson(response),
    })),
  })
  bus.publish(plain('NewBlockHeader', () => ({ header: headerJson(made.header) })))
  bus.publish({
    type: 'NewBlockEvents',
    attributes: () => attributesOf(response.events, [['tm.event', 'NewBlockEvents']]),
    data: dataOf('NewBlockEvents', () => ({
      height,
      events: listOrNull(response.events, leanEventJson),
      num_txs: String(made.txHashes.length),
    })),
  })
  for (const evidence of made.block.evidence!.evidence) bus.publish(evidenceEvent(height, evidence))
  for (let i = 0; i < made.txHashes.length; i++) bus.publish(txEvent(applied, i, height))
  if (response.validatorUpdates.length > 0) {
    bus.publish(
      plain('ValidatorSetUpdates', () => ({
        validator_updates: response.validatorUpdates.map((update) => validatorJson(toValidator(update))),
      })),
    )
  }
}

function txEvent({ made, response }: AppliedBlock, index: number, height: string): PublishedEvent {
  const result = response.txResults[index]!
  return {
    type: 'Tx',
    attributes: () =>
      attributesOf(result.events, [
        ['tm.event', 'Tx'],
        ['tx.hash', hex(made.txHashes[index])],
        ['tx.height', height],
      ]),
    data: dataOf('Tx', () => ({
      TxResult: {
        height,
        ...(index > 0 && { index }),
        tx: base64(made.block.data!.txs[index]!),
        result: leanResultJson(result),
      },
    })),
  }
}

function evidenceEvent(height: string, evidence: Evidence): PublishedEvent {
  return plain('NewEvidence', () => ({ height, evidence: evidenceJson(evidence) }))
}

function plain(type: string, value: () => Json): PublishedEvent {
  return { type, attributes: () => new Map([['tm.event', [type]]]), data: dataOf(type, value) }
}

function dataOf(type: string, value: () => Json): () => string {
  return () => JSON.stringify({ type: `tendermint/event/${type}`, value: value() })
}
