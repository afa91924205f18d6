import type { Hex } from 'viem'
import { bytesToHex } from 'viem'
import { FinalityViolation } from './beacon/beacon-chain.ts'
import type { BeaconChain } from './beacon/beacon-chain.ts'
import type { ChainBlock } from './beacon/make-block.ts'
import type { ExecutionPayload } from './beacon/ssz-types.ts'
import type { ExecutionBlock, ExecutionClient } from './execution/execution-client.ts'
import { slotAtTime, slotTimeSeconds } from './network.ts'

/** Makes slots: an execution block each, and the beacon block that carries it. */
export interface Producer {
  /** Makes the block of a slot; none when the chain is there already. Calls wait for each other. */
  produce(slot: number): Promise<ChainBlock>
  /**
   * Brings the beacon chain where the execution chain is: new blocks are added, blocks that the execution
   * chain has dropped are taken back. Throws when that would undo what is final.
   */
  follow(): Promise<ChainBlock>
}

/** A producer over an execution client. */
export function createProducer(chain: BeaconChain, execution: ExecutionClient): Producer {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    produce: (slot) =>
      inTurn(async () => {
        if (slot > chain.head.slot) await execution.mine(slotTimeSeconds(chain.network, slot))
        return await follow(chain, execution)
      }),
    follow: () => inTurn(() => follow(chain, execution)),
  }
}

async function follow(chain: BeaconChain, execution: ExecutionClient): Promise<ChainBlock> {
  const newest = await execution.blockNumber()
  const ancestor = await commonAncestor(chain, execution, newest)
  // All is read before anything changes: between two awaits others look at the chain.
  const blocks: SlotBlock[] = []
  for (let next = numberOf(ancestor) + 1; next <= newest; next += 1) {
    const block = await execution.blockAt(next)
    const parentHash = blocks.at(-1)?.hash ?? (ancestor.slot > 0 ? hashOf(ancestor) : block.parentHash)
    if (block.parentHash !== parentHash) throw new Error('the execution chain moved meanwhile')
    const slot = slotOf(chain, blocks.at(-1)?.slot ?? ancestor.slot, block.payload)
    if (slot === undefined) {
      // Somebody made it without asking. Consensus refuses such a block, and execution drops it.
      await execution.rollback(newest - next + 1)
      break
    }
    blocks.push({ ...block, slot })
  }
  if (blocks.length > 0) chain.rewindTo(ancestor)
  for (const { slot, payload } of blocks) chain.append(slot, payload)
  return chain.head
}

interface SlotBlock extends ExecutionBlock {
  readonly slot: number
}

/** The slot that a block's time names; undefined when it names none, or one that is taken. */
function slotOf({ network }: BeaconChain, parentSlot: number, { timestamp }: ExecutionPayload) {
  const slot = slotAtTime(network, timestamp)
  return slot > parentSlot && slotTimeSeconds(network, slot) === timestamp ? slot : undefined
}

/** The newest block that both chains have. */
async function commonAncestor(
  chain: BeaconChain,
  execution: ExecutionClient,
  newest: number,
): Promise<ChainBlock> {
  for (let at = Math.min(numberOf(chain.head), newest); ; at -= 1) {
    const block = chain.atNumber(at)
    if (block === undefined) throw new FinalityViolation(0, chain.finalized?.slot ?? 0)
    if (at === 0 || (await execution.hashAt(at)) === hashOf(block)) return block
  }
}

function numberOf(block: ChainBlock): number {
  return block.message.body.executionPayload.blockNumber
}

function hashOf(block: ChainBlock): Hex {
  return bytesToHex(block.message.body.executionPayload.blockHash)
}
