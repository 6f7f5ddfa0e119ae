// Before each file of unit tests, which share a process: what the one before has left is collected now, not while this one counts tensors.
import { beforeAll } from 'vitest';
import { settledTensors } from '../src/tensor/testing/settled-tensors.ts';

beforeAll(() => void settledTensors());
