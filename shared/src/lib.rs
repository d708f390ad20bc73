//! Words, schema, policy.
