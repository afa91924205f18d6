import { finalizeSteps as stepsOf } from '../abci/application.ts'
import type { Application as AbciApplication, PrepareTx as AbciPrepareTx } from '../abci/application.ts'

/** The state machine that the engine drives: any object with the ABCI 2.0 methods. */
export type Application = AbciApplication

/** Work on a transaction before CheckTx. */
export type PrepareTx = AbciPrepareTx

/** Executes a block in steps; in one where the application knows no others. */
export const finalizeSteps = stepsOf
