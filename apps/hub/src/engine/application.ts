import type { Application as AbciApplication } from '../abci/application.ts'

/** The state machine that the engine drives: any object with the ABCI 2.0 methods. */
export type Application = AbciApplication
