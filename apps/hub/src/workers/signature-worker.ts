// A thread that judges signatures: it sleeps until a batch is published, helps with it, and sleeps again.
import { workerData } from 'node:worker_threads'
import { verifyDigest } from './native-signatures.ts'
import { SignatureBatch } from './signature-batch.ts'

const batch = new SignatureBatch(workerData as SharedArrayBuffer)
for (;;) {
  batch.waitOpen()
  batch.work(verifyDigest)
}
