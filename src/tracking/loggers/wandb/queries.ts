// What is asked of W&B's GraphQL server. Names, variables and inputs are those of its own client, whose requests a test compares with these.

/** An operation: its name, and the text that is sent. */
export interface Operation {
  readonly name: string;
  readonly query: string;
}

const operation = (query: string): Operation => ({ name: /\w+ (\w+)/.exec(query)![1]!, query });

/** What is told of a run by everything that changes or makes one. */
const BUCKET =
  'id name displayName description config sweepName project { id name entity { id name } } historyLineCount';

export const UPSERT_BUCKET = operation(
  `mutation UpsertBucket($id: String, $name: String, $project: String, $entity: String, $groupName: String, $description: String, $displayName: String, $notes: String, $commit: String, $config: JSONString, $host: String, $debug: Boolean, $program: String, $repo: String, $jobType: String, $state: String, $sweep: String, $tags: [String!], $summaryMetrics: JSONString) {
  upsertBucket(input: {id: $id, name: $name, groupName: $groupName, modelName: $project, entityName: $entity, description: $description, displayName: $displayName, notes: $notes, config: $config, commit: $commit, host: $host, debug: $debug, jobProgram: $program, jobRepo: $repo, jobType: $jobType, state: $state, sweep: $sweep, tags: $tags, summaryMetrics: $summaryMetrics}) {
    bucket { ${BUCKET} }
    inserted
  }
}`,
);

export const RUN_RESUME_STATUS = operation(
  `query RunResumeStatus($project: String, $entity: String, $name: String!) {
  model(name: $project, entityName: $entity) {
    id name
    entity { id name }
    bucket(name: $name, missingOk: true) {
      id name summaryMetrics displayName logLineCount historyLineCount eventsLineCount historyTail eventsTail config tags notes
      wandbConfig(keys: ["t"])
    }
  }
}`,
);

export const REWIND_RUN = operation(
  `mutation RewindRun($runName: String!, $entity: String, $project: String, $metricName: String!, $metricValue: Float!) {
  rewindRun(input: {runName: $runName, entityName: $entity, projectName: $project, metricName: $metricName, metricValue: $metricValue}) {
    rewoundRun { ${BUCKET} }
  }
}`,
);

export const CREATE_RUN_FILES = operation(
  `mutation CreateRunFiles($entity: String!, $project: String!, $run: String!, $files: [String!]!) {
  createRunFiles(input: {entityName: $entity, projectName: $project, runName: $run, files: $files}) {
    runID uploadHeaders
    files { name uploadUrl }
  }
}`,
);

/** A run as the answers have it. */
export interface Bucket {
  readonly id: string;
  readonly name: string;
  readonly displayName: string | null;
  readonly project: { readonly name: string; readonly entity: { readonly name: string } };
  readonly historyLineCount: number | null;
}

export interface UpsertBucketData {
  readonly upsertBucket: { readonly bucket: Bucket };
}

export interface RewindRunData {
  readonly rewindRun: { readonly rewoundRun: Bucket | null } | null;
}

export interface RunResumeStatusData {
  readonly model: {
    readonly bucket:
      | (Omit<Bucket, 'project'> & {
          readonly summaryMetrics: string | null;
          readonly historyTail: string | null;
          readonly wandbConfig: string | null;
        })
      | null;
  } | null;
}

export interface CreateRunFilesData {
  readonly createRunFiles: {
    readonly uploadHeaders: readonly string[];
    readonly files: readonly { readonly name: string; readonly uploadUrl: string | null }[];
  };
}

export const CREATE_ARTIFACT = operation(
  `mutation CreateArtifact($input: CreateArtifactInput!) {
  createArtifact(input: $input) { ... CreatedArtifact }
}
fragment CreatedArtifact on CreateArtifactPayload {
  artifact { id state artifactSequence { latestArtifact { id } } }
}`,
);

export const CREATE_ARTIFACT_MANIFEST = operation(
  `mutation CreateArtifactManifest($artifactID: ID!, $baseArtifactID: ID, $name: String!, $digest: String!, $entityName: String!, $projectName: String!, $runName: String!, $manifestType: ArtifactManifestType!, $includeUpload: Boolean!) {
  createArtifactManifest(input: {artifactID: $artifactID, baseArtifactID: $baseArtifactID, name: $name, digest: $digest, entityName: $entityName, projectName: $projectName, runName: $runName, type: $manifestType}) {
    artifactManifest {
      id
      file { id uploadUrl @include(if: $includeUpload) uploadHeaders @include(if: $includeUpload) }
    }
  }
}`,
);

export const CREATE_ARTIFACT_FILES = operation(
  `mutation CreateArtifactFiles($input: CreateArtifactFilesInput!) {
  createArtifactFiles(input: $input) {
    files {
      edges {
        node {
          storagePath uploadUrl uploadHeaders
          uploadMultipartUrls { uploadID uploadUrlParts { partNumber uploadUrl } }
          artifact { id }
        }
      }
    }
  }
}`,
);

export const COMMIT_ARTIFACT = operation(
  `mutation CommitArtifact($artifactID: ID!) {
  commitArtifact(input: {artifactID: $artifactID}) { artifact { id digest } }
}`,
);

export interface CreateArtifactData {
  readonly createArtifact: {
    readonly artifact: {
      readonly id: string;
      /** `COMMITTED` for one that the server has already. */
      readonly state: string;
      readonly artifactSequence: { readonly latestArtifact: { readonly id: string } | null } | null;
    };
  };
}

interface UploadPlace {
  readonly uploadUrl?: string | null;
  readonly uploadHeaders?: readonly string[] | null;
}

export interface CreateArtifactManifestData {
  readonly createArtifactManifest: { readonly artifactManifest: { readonly id: string; readonly file: UploadPlace } };
}

export interface CreateArtifactFilesData {
  readonly createArtifactFiles: { readonly files: { readonly edges: readonly { readonly node: UploadPlace }[] } };
}
