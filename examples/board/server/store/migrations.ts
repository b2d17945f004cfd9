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
  // A file's size is known once it is whole; until then nobody sees it. Bytes don't compress well: most files are packed.
  `
  create table files (
    attempt uuid primary key default gen_random_uuid(),
    id uuid not null,
    task uuid not null references tasks on delete cascade,
    name text not null,
    type text not null,
    size integer,
    begun_at timestamptz not null default now(),
    position bigint generated always as identity
  );
  create unique index whole_files on files (id) where size is not null;
  create index files_of_task on files (task);

  create table chunks (
    attempt uuid not null references files on delete cascade,
    number integer not null,
    bytes bytea not null,
    primary key (attempt, number)
  );
  alter table chunks alter column bytes set storage external;
  `,
  // The last event about each task.
  "create index events_of_task on events ((change->>'task'), id)",
]
