// Types every function of the addon. `native/*.cc` is the other side; handles, dtype codes and device codes are plain numbers here.

/** Slot, generation and environment of a tensor in one number; checked by the addon at every use. */
export type Handle = number;

/** What an operator argument may be on its way to the addon; the table in docs/architecture.md says which is which. */
export type Argument =
  | number
  | bigint
  | boolean
  | string
  | undefined
  | Float64Array
  | readonly (number | bigint | boolean)[];

/** A result: a handle, a number, an array of results; `undefined` for nothing and for in-place operators. */
export type NativeResult = number | bigint | boolean | string | undefined | NativeResult[];

/** An object whose collection frees a tensor or a generator. Nothing else can be done with it. */
export type Owner = { readonly __owner: unique symbol };

/** Kind names that `native/errors.cc` passes to the error factory. */
export type ErrorKind = 'type' | 'range' | 'shape' | 'dtype' | 'disposed' | 'memory' | 'native' | 'stop';

/** Autocast on one kind of device. */
export type AutocastState = readonly [dtype: number, enabled: number, cacheEnabled: number];

/** A picture that could not be made: its place among the sources, why, and what was there instead. */
export type ImageFailure = readonly [
  place: number,
  fault: 'read' | 'format' | 'broken' | 'large' | 'small' | 'memory',
  got: string,
];

declare const held: unique symbol;
/** What the addon keeps alive for as long as this object is. */
interface Held<Kind extends string> {
  readonly [held]: Kind;
}
export type HeldStore = Held<'store'>;
export type HeldGroup = Held<'group'>;
export type HeldWork = Held<'work'>;
export type HeldReducer = Held<'reducer'>;
export type HeldNccl = Held<'nccl'>;

/** Collectives and messages, by c10d's names. */
export type CollectiveName =
  | 'broadcast'
  | 'allreduce'
  | 'allreduceCoalesced'
  | 'reduce'
  | 'allgather'
  | 'gather'
  | 'scatter'
  | 'alltoallBase'
  | 'send'
  | 'recv'
  | 'recvAnysource'
  | 'barrier';

export interface Native {
  // addon.cc
  /** Before anything that needs an owner: loads the addon a second time, into the `napi_env` in which owners are finalized. Again it does nothing. */
  loadKeeper(): void;

  // call.cc
  defineOperators(signatures: readonly string[]): void;
  call(operator: number, ...args: readonly Argument[]): NativeResult;
  hasOperator(name: string): boolean;

  // guards.cc
  /** The rows of the table: operators, input that is refused, what libtorch would do. */
  guardedOperators(): (readonly [operators: string, input: string, outcome: string])[];

  // tensor.cc
  own(handle: Handle): Owner;
  /** Another handle on the same memory, detached from the graph. */
  alias(handle: Handle): Handle;
  free(handle: Handle): boolean;
  /** Gives how many scopes were open before. */
  beginScope(): number;
  /** Ends the scope that was begun when `depth` were open, and any inside it. */
  endScope(depth: number, survivors: Float64Array | undefined): void;
  keep(handle: Handle): void;
  adopt(handle: Handle): boolean;
  isLive(handle: Handle): boolean;
  liveTensors(): number;
  /** For each live tensor: handle, depth of its scope (-1: none), address and bytes of its memory, and those of its gradient; address 0: none. */
  listTensors(): Float64Array;
  markParameter(handle: Handle): void;
  /** The live parameters that have a gradient. */
  trainedParameters(): Float64Array;
  shape(handle: Handle): number[];
  ndim(handle: Handle): number;
  numel(handle: Handle): number;
  /** Undefined where there is no such dimension; negative ones count from the end. */
  size(handle: Handle, dim: number): number | undefined;
  stride(handle: Handle): number[];
  dtype(handle: Handle): number;
  layout(handle: Handle): number;
  device(handle: Handle): number;
  storageOffset(handle: Handle): number;
  /** Address (the identity) and bytes of the memory behind a tensor. */
  storage(handle: Handle): [address: number, bytes: number];
  fromBytes(dtype: number, shape: readonly number[], bytes: Uint8Array): Handle;
  readBytes(handle: Handle): ArrayBuffer;
  readStorage(handle: Handle): ArrayBuffer;
  item(handle: Handle, asBigInt: boolean): number | bigint | boolean;

  // c10d-store.cc
  /** Workers below 1: as many as come. Times are milliseconds. */
  tcpStore(
    host: string,
    port: number,
    isServer: boolean,
    workers: number,
    waits: boolean,
    timeout: number,
  ): Promise<[store: HeldStore, port: number]>;
  fileStore(path: string, workers: number): HeldStore;
  prefixStore(store: HeldStore, prefix: string): HeldStore;
  storeSetTimeout(store: HeldStore, timeout: number): void;
  storeSet(store: HeldStore, key: string, value: Uint8Array): Promise<void>;
  storeGet(store: HeldStore, key: string): Promise<ArrayBuffer>;
  storeCompareSet(store: HeldStore, key: string, expected: Uint8Array, desired: Uint8Array): Promise<ArrayBuffer>;
  storeAdd(store: HeldStore, key: string, amount: number): Promise<number>;
  storeCheck(store: HeldStore, keys: readonly string[]): Promise<boolean>;
  /** A time below 0: the store's own. */
  storeWait(store: HeldStore, keys: readonly string[], timeout: number): Promise<void>;
  storeDelete(store: HeldStore, key: string): Promise<boolean>;
  storeNumKeys(store: HeldStore): Promise<number>;
  letGoOfStore(store: HeldStore): void;

  // c10d-group.cc
  /** Kept once all ranks are there. Interface and host name say where this rank is reached; empty: by the name of the machine. With `checks` calls are compared before they are made. */
  makeGroup(
    store: HeldStore,
    rank: number,
    size: number,
    timeout: number,
    networkInterface: string,
    hostname: string,
    checks: boolean,
  ): Promise<HeldGroup>;
  letGoOfGroup(group: HeldGroup): void;
  /** Counts are the rows for each rank, or the tag of a message. */
  collective(
    group: HeldGroup,
    name: CollectiveName,
    outputs: Float64Array,
    inputs: Float64Array,
    root: number,
    op: number,
    timeout: number,
    outputCounts: readonly number[],
    inputCounts: readonly number[],
  ): HeldWork;
  /** Waits in this thread. 0: as long as the group says. */
  workWait(work: HeldWork): void;
  workDone(work: HeldWork): Promise<void>;
  workIsCompleted(work: HeldWork): boolean;
  workSource(work: HeldWork): number;
  monitoredBarrier(group: HeldGroup, timeout: number, waitsForAll: boolean): Promise<void>;

  // c10d-nccl.cc, where it is built in
  ncclVersions?(): [ofLibtorch: string, ofHeaders: string];
  /** Kept once all ranks are connected. @param ranks - those of the group in the default one. */
  addNccl?(
    group: HeldGroup,
    store: HeldStore,
    checks: HeldGroup | undefined,
    name: string,
    ranks: readonly number[],
    device: number,
    timeout: number,
  ): Promise<HeldNccl>;
  /** Waits for what is under way, or gives it up. */
  closeNccl?(nccl: HeldNccl, aborts: boolean): void;

  // c10d-reducer.cc
  /** @param limits - bytes of the first bucket and of each other. */
  makeReducer(
    group: HeldGroup,
    parameters: Float64Array,
    names: readonly string[],
    limits: readonly [first: number, others: number],
    findUnused: boolean,
    bucketView: boolean,
  ): HeldReducer;
  letGoOfReducer(reducer: HeldReducer): void;
  reducerPrepareForForward(reducer: HeldReducer): void;
  reducerPrepareForBackward(reducer: HeldReducer, outputs: Float64Array): void;
  reducerTimeBackward(reducer: HeldReducer, root: Handle): void;
  reducerWaitedUs(reducer: HeldReducer): number;
  reducerRebuildBuckets(reducer: HeldReducer): boolean;
  reducerSetStaticGraph(reducer: HeldReducer): void;
  reducerCompress(reducer: HeldReducer, group: HeldGroup, dtype: 'float16' | 'bfloat16'): void;
  /** Bytes of each bucket, in the order in which they are summed. */
  reducerBuckets(reducer: HeldReducer): number[];
  reducerSetForwardWork(reducer: HeldReducer, work: HeldWork | undefined): void;
  reducerAverage(reducer: HeldReducer, searches: boolean): void;
  reducerShadow(reducer: HeldReducer, group: HeldGroup, findsUnused: boolean, keepsGradients: boolean): void;
  verifyParameters(group: HeldGroup, parameters: Float64Array): void;
  broadcastCoalesced(group: HeldGroup, tensors: Float64Array, bytes: number, root: number): void;

  // autograd.cc
  backward(
    roots: Float64Array,
    gradients: Float64Array | undefined,
    retainGraph: boolean,
    createGraph: boolean,
    inputs: Float64Array | undefined,
  ): void;
  grad(
    outputs: Float64Array,
    inputs: Float64Array,
    gradients: Float64Array | undefined,
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): (Handle | undefined)[];
  gradOf(handle: Handle): Handle | undefined;
  setGrad(handle: Handle, gradient: Handle | undefined): void;
  gradsOf(handles: Float64Array): Float64Array;
  clearGrads(handles: Float64Array): void;
  /** The sum of: 1, a parameter is complex; 2, a gradient is not strided; 4, the parameters are of several dtypes or devices. */
  traitsOf(parameters: Float64Array, gradients: Float64Array): number;
  /** Whether all tensors of the first list are dense, floating and of one dtype and device, and those at their place in the others have the same, their sizes and their strides. */
  haveOneLayout(lists: Float64Array, ...others: readonly Float64Array[]): boolean;
  requiresGrad(handle: Handle): boolean;
  setRequiresGrad(handle: Handle, value: boolean): void;
  isLeaf(handle: Handle): boolean;
  retainsGrad(handle: Handle): boolean;
  gradFnName(handle: Handle): string | undefined;
  setData(handle: Handle, data: Handle): void;

  // modes.cc
  setGradMode(enabled: boolean): boolean;
  isGradEnabled(): boolean;
  beginInferenceMode(enabled: boolean): number;
  endInferenceMode(depth: number): void;
  isInferenceMode(): boolean;
  isInference(handle: Handle): boolean;
  autocastState(device: number): AutocastState;
  enterAutocast(device: number, dtype: number, enabled: boolean, cacheEnabled: boolean): AutocastState;
  leaveAutocast(device: number, dtype: number, enabled: boolean, cacheEnabled: boolean): void;

  // engine.cc
  beginAnomalyDetection(checkNan: boolean, readStack: () => string): number;
  /** Ends what was begun at this depth (anomaly detection, saved tensor hooks, a checkpoint), and what is inside. */
  leave(depth: number): void;
  /** With true no engine call runs on this thread, as with a GPU; gives what it was. For tests. */
  runEngineAside(always: boolean): boolean;
  /** Custom functions in graphs and JavaScript values that native code holds, in the whole process. */
  autogradCounts(): [functions: number, references: number];

  // custom-function.cc
  recordFunction(
    name: string,
    inputs: Float64Array,
    outputs: Float64Array,
    dirty: Float64Array,
    nonDifferentiable: Float64Array,
    saved: Float64Array,
    materializes: boolean,
    backward: (gradients: Float64Array, number: number, needs: readonly boolean[]) => Float64Array,
  ): Float64Array;
  savedTensors(number: number): (Handle | undefined)[];

  // hooks.cc
  registerHook(handle: Handle, hook: (handle: Handle) => unknown, afterAccumulation: boolean): number;
  removeHook(number: number): void;

  // saved-hooks.cc
  beginSavedHooks(pack: (handle: Handle) => unknown, unpack: (packed: never) => Handle): number;

  // checkpoint.cc
  beginCheckpoint(inputs: Float64Array, body: (inputs: Float64Array) => void, checks: boolean): number;

  // capture.cc
  /** Whether the operators of this thread are written down from now on: not where something else has to see them. */
  captureBegin(inputs: Float64Array): boolean;
  /** The step pauses and gives these; nothing is written down until `captureGoOn`. */
  capturePause(outputs: Float64Array): void;
  captureGoOn(): void;
  /** What the step gives, unless it gave it where it paused; nothing is written down any more. */
  captureStop(outputs: Float64Array): void;
  /** The step threw: what was written down is forgotten. */
  captureAbandon(): void;
  /** When what the step made is freed: the number of the tape, or why the step cannot be captured, and what it did otherwise before that than a recording. */
  captureFinish(known: number | undefined): number | readonly [refusal: string, difference?: string];
  /** Notes why the step that is being recorded cannot be captured; nothing where none is. */
  captureRefuse(reason: string): void;
  /** The next operator takes so many numbers that are read anew at each replay; gives which operator of the step that is. */
  captureSlots(count: number): number;
  /** What the second tape does otherwise than the first, a tape or a recording. */
  captureDifference(first: number, second: number): string | undefined;
  /** The tape becomes a recording of the same number. @param passes - a sum: what is done to it (capture.cc). */
  captureCompile(tape: number, passes: number): void;
  /** Why a recording cannot be replayed now with these. */
  captureUnfit(recording: number, inputs: Float64Array): string | undefined;
  /** A handle for each result, or null where the recording does not fit; nothing was done then. One of a step that pauses has run up to there. */
  captureReplay(recording: number, inputs: Float64Array): (Handle | undefined)[] | null;
  /** Runs the rest of a replay that has paused, or forgets it; gives why it cannot be run any more. */
  captureResume(recording: number, goesOn: boolean): string | undefined;
  /** Numbers of an operator for replays from now on. */
  captureNumbers(recording: number, operation: number, numbers: readonly number[]): void;
  captureExplain(recording: number): string;
  captureTime(recording: number, isTimed: boolean): void;
  /** Frees a tape or a recording. */
  captureOperations(): number;
  captureFailing(recording: number): number;
  captureFree(number: number): void;
  /** Which of these tapes and recordings hold tensors that JavaScript has let go of. */
  captureStale(numbers: readonly number[]): number[];
  captureCounts(): [tapes: number, recordings: number];

  // random.cc
  manualSeed(seed: number | bigint): void;
  makeGenerator(seed: number | bigint): [generator: number, owner: Owner];
  seedGenerator(generator: number, seed: number | bigint): void;
  /** Takes a seed that nobody can tell before, and gives it. */
  reseedGenerator(generator: number): bigint;
  initialSeed(generator: number): bigint;
  /** Operators that are given no generator draw from this one; 0: from the default one. Gives the one before. */
  useGenerator(generator: number): number;
  generatorState(generator: number): ArrayBuffer;
  generatorStateForCheckpoint(generator: number): ArrayBuffer;
  setGeneratorState(generator: number, state: Uint8Array): void;

  // memory.cc
  hostBuffer(dtype: number, shape: readonly number[]): [handle: Handle, memory: ArrayBuffer];
  /** @param bytes - of a SharedArrayBuffer.
   *  @param users - four bytes in it: their int32 goes down by one when nothing uses the tensor's memory any more. */
  fromShared(dtype: number, shape: readonly number[], bytes: Uint8Array, users?: Uint8Array): Handle;
  emptyCache(): void;
  /** Of the process's host memory: bytes in use, at most, kept; blocks handed out, and from the system; bytes that the machine has left. */
  memoryCounters(): [
    inUse: number,
    peak: number,
    cached: number,
    allocations: number,
    systemAllocations: number,
    left: number,
  ];
  /** Bytes of a GPU; undefined where this libtorch cannot tell, or has not used it. */
  deviceMemory(
    index: number,
  ): [allocated: number, peak: number, reserved: number, left: number, total: number] | undefined;
  resetPeakMemory(): void;

  // file-memory.cc
  /** All memory behind a dense tensor on the CPU, no copy. Detach it before anything can resize the storage. */
  viewStorage(handle: Handle): ArrayBuffer;
  /** Lets go of memory now that a collection would let go of later. */
  detachBuffer(buffer: ArrayBuffer): void;
  /** A file's bytes as memory; what is written to it stays in this process. */
  mapFile(path: string, bytes: number): Handle;
  /** A copy of a part of the memory of a tensor of bytes. */
  copyMemory(handle: Handle, offset: number, bytes: number): ArrayBuffer;
  /** A tensor of bytes whose storage is a part of another's memory. */
  sliceMemory(handle: Handle, offset: number, bytes: number): Handle;
  hasFastChecksum(): boolean;
  /** The CRC-32 of bytes that follow others, whose CRC is `before`. Only where `hasFastChecksum()`. */
  checksum(bytes: Uint8Array, before: number): number;

  // background-file.cc
  /** A tensor of bytes with a copy of all memory behind a dense tensor on the CPU. No scope frees it. */
  copyStorage(handle: Handle): Handle;
  /** The CRC-32 of the bytes of each of these copies, computed on a thread. */
  checksums(handles: Float64Array): Promise<readonly number[]>;
  /**
   * Writes a file that is not there yet, on a thread of its own, and forces it to disk.
   * @param parts - copies of storages by their handles, which must stay as they are, and other bytes, which are copied.
   * @returns what failed, if something did: the number of the error, and the system call.
   */
  writeFile(
    path: string,
    parts: readonly (Handle | Uint8Array)[],
  ): Promise<readonly [error: number, call: string] | undefined>;

  // image-batch.cc
  /**
   * Makes pictures on threads of their own, each a sample [3, height, width] as `plan` says (src/data/sources/image-plan.ts): of one size, one tensor
   * [n, 3, height, width] is the only handle; else one a picture. Failures come beside them, in no order.
   * @param sources - paths, files' bytes, or pixels of four bytes where `sizes` says so. @param sizes - width and height of pixels, 0 for the others.
   * @param into - a tensor whose rows `slots` are filled, instead of a new one.
   */
  images(
    sources: readonly (string | Uint8Array)[],
    sizes: readonly number[] | undefined,
    seeds: readonly number[],
    plan: readonly number[],
    into: Handle | undefined,
    slots: readonly number[] | undefined,
  ): Promise<readonly [handles: readonly Handle[], failures: readonly ImageFailure[]]>;
  /** Versions of libpng and libjpeg-turbo, empty for one that is not linked. */
  imageLibraries(): readonly [png: string, jpeg: string];

  // process.cc
  libtorchVersion(): string;
  showConfig(): string;
  /** The cores that this thread may run on, and what it starts; none where the system does not tell. */
  threadCores(): number[];
  /** Where this thread runs from now on, and what it starts. Linux. */
  setThreadCores(cores: readonly number[]): void;
  hasCuda(): boolean;
  numCudaDevices(): number;
  /** The GPU that "cuda" means in this thread. */
  setCudaDevice(index: number): void;
  numThreads(): number;
  setNumThreads(count: number): void;
  numInteropThreads(): number;
  setNumInteropThreads(count: number): void;
  /** Whether our matrix product of [m, k] with [k, n] has libtorch's bits; undefined on processors where it is not used. */
  tryProduct(
    sizes: readonly [m: number, n: number, k: number],
    isLeftByColumns: boolean,
    isRightByColumns: boolean,
    hasBias: boolean,
  ): boolean | undefined;
  /** Whether our update of Adam or AdamW has libtorch's bits; undefined on processors where it is not used. */
  tryAdam(isDecoupled: boolean, amsgrad: boolean, maximize: boolean, weightDecay: number): boolean | undefined;
  watchSignals(signals: readonly number[]): Int32Array;
  unwatchSignals(signals: readonly number[]): void;
  setErrorFactory(make: (kind: ErrorKind, message: string, operator: string) => Error): void;
  markWorker(): void;

  // profiler.cc
  /** From now on operators called from JavaScript and reads of tensors' elements are counted in the two elements. */
  countCalls(memory: Float64Array): void;
  /** The listener is called once, at the next read of a tensor's elements. */
  watchReads(listener: (() => void) | undefined): void;
  /** Records every operator of the process from now on. Gives libtorch's clock in microseconds and its number of this thread. */
  startRecording(capacity: number, countsFlops: boolean): number[];
  /** Six columns an operator: place of its name, thread, 1 for a node of a graph, start, duration, flops. */
  stopRecording(): [names: string[], numbers: Float64Array, numDropped: number];

  // float-math.cc
  cos(x: number): number;
  exp(x: number): number;
  log(x: number): number;
  pow(base: number, exponent: number): number;
}
