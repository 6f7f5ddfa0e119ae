// By which texts in the names of parameters the strategies tell the parts of a model apart.

/** The towers. */
export const TOWERS = ['vision_model', 'text_model'] as const;
/** What joins the modalities. */
export const CROSS_MODAL = ['cross_attention', 'cross_modal', 'fusion', 'interaction'] as const;
/** What takes a tower's features into the shared space. */
export const PROJECTIONS = ['projection', 'projector', 'adapter'] as const;
