/**
 * The schema, one step after the other. A step that was released is never edited: the next one changes what it made.
 * The database remembers how many it has run.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table lists (
    id uuid primary key,
    name text not null,
    position bigint generated always as identity
  );

  create table tasks (
    id uuid primary key,
    list uuid not null references lists,
    title text not null,
    position double precision not null,
    added_by jsonb not null,
    done_by jsonb
  );
  create index tasks_in_order on tasks (list, position);

  create table messages (
    id uuid primary key,
    text text not null,
    said_by jsonb not null,
    said_at timestamptz not null,
    position bigint generated always as identity
  );

  create table events (
    id bigint primary key generated always as identity,
    change jsonb not null,
    by jsonb not null,
    at timestamptz not null default now()
  );
  `,
  `
  create table keys (
    person uuid not null,
    key text not null,
    receipt jsonb not null,
    at timestamptz not null default now(),
    primary key (person, key)
  );
  create index keys_by_age on keys (at);
  `,
]
