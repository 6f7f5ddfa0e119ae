// placeholder types until written
export interface EvaluationResult { readonly values: Readonly<Record<string, number>> }
