import { SharedSteps, StepPauses, assert, finish } from '@causeway/primitives'
import type { AppliedBlock } from './apply-block.ts'
import type { EngineCore } from './core.ts'
import { produceBlock } from './produce-block.ts'
import type { Timers } from './schedule.ts'
import type { TxIntake } from './tx-intake.ts'

/** What blocks are made from, and how steps follow one another. */
export interface BlockMakerOptions {
  readonly core: EngineCore
  readonly intake: TxIntake
  /** `soon` lets others have their turn between steps. */
  readonly timers: Pick<Timers, 'soon' | 'now'>
}

/** Told that a block is made: `outcome` gives it, or throws what `produceBlock` has thrown. */
type Done = (outcome: () => AppliedBlock) => void

/**
 * Makes blocks: at once, or in steps between which the node reads what arrives and prepares it, so that
 * threads that check signatures have work while a block is executed.
 */
export class BlockMaker {
  readonly #options: BlockMakerOptions
  #underWay: { readonly block: SharedSteps<AppliedBlock>; readonly done: Done } | undefined

  constructor(options: BlockMakerOptions) {
    this.#options = options
  }

  /** Makes a block at once; none may be under way. Throws what `produceBlock` throws. */
  now(): AppliedBlock {
    this.#requireNone()
    return finish(produceBlock(this.#options.core))
  }

  /** Makes a block in steps. What arrives meanwhile is admitted after it. */
  begin(done: Done): void {
    this.finish()
    this.#requireNone()
    this.#options.intake.hold()
    const block = new SharedSteps(produceBlock(this.#options.core))
    this.#underWay = { block, done }
    this.#goOn(block, new StepPauses(this.#options.timers.now))
  }

  /** Does at once what is left of a block under way; from within one of its steps, it leaves that to it. */
  finish(): void {
    if (this.#underWay === undefined || this.#underWay.block.isRunning) return
    const { block, done } = this.#underWay
    while (block.advance());
    this.#underWay = undefined
    try {
      done(() => block.finish())
    } finally {
      // Who was told may have begun another.
      if (this.#underWay === undefined) this.#options.intake.release()
    }
  }

  #requireNone(): void {
    assert(this.#underWay === undefined, 'one block is made after the other')
  }

  /** Others may be many: they wait while together they took longer than the steps before. */
  #goOn(block: SharedSteps<AppliedBlock>, pauses: StepPauses): void {
    do if (!block.advance()) return this.finish()
    while (!pauses.begin())
    this.#options.timers.soon(() => {
      // Somebody may have finished it meanwhile, and begun another.
      if (this.#underWay?.block !== block) return
      pauses.end()
      this.#goOn(block, pauses)
    })
  }
}
