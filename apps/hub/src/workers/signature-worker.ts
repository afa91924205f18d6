// A thread that judges signatures: it sleeps until a batch is published, helps with it, and sleeps
// again, until there will be no more.
import { workerData } from 'node:worker_threads'
import { verifyFormed } from './native-signatures.ts'
import { SignatureBatch } from './signature-batch.ts'

const batch = new SignatureBatch(workerData as SharedArrayBuffer)
while (batch.waitOpen()) batch.work(verifyFormed)
