/**
 * The statements that plans run, for reading only. Each is bounded by a LIMIT and an index: what
 * would visit more is walked in slices. Resources of a type are ordered by id: the index
 * `resources_by_id` gives that order without sorting, and UUIDv7 ids of one time lie together.
 *
 * Parameters are written `+?`: a bare one in a LIMIT or a join lets SQLite plan by its value, and so
 * prepare the statement anew at every run, which costs up to twenty times the run itself.
 */

/**
 * What a StoredResource shows, `row`, by which members refer to it, and whether any group does: a probe
 * of the index that spares those in none a recursive statement. Documents leave as bytes: most go into
 * an answer as they are, and a string would have to be made and unmade for it.
 */
const BARE_COLUMNS = `r.row, r.id, r.type, r.created, r.modified AS lastModified, r.version,
  EXISTS (SELECT 1 FROM members WHERE member_row = r.row) AS isMember`;

const COLUMNS = `${BARE_COLUMNS}, CAST(r.document AS BLOB) AS document`;

/** Two statements of the same parameters: see `list-statement.ts`. */
export interface ListSql {
  readonly rows: string;
  readonly documents: string;
}

/** @param from everything behind the columns, in the order of the list */
function listSql(from: string, more = ''): ListSql {
  return {
    rows: `SELECT ${BARE_COLUMNS}, octet_length(r.document) AS bytes${more} ${from}`,
    documents: `SELECT CAST(group_concat(document, '') AS BLOB)
      FROM (SELECT r.document AS document ${from})`,
  };
}

export const RESOURCE_BY_ID = `SELECT ${COLUMNS} FROM resources r
  WHERE r.endpoint = +? AND r.type = +? AND r.id = +?`;

export const RESOURCE_BY_NAME = `SELECT ${COLUMNS} FROM resources r
  WHERE r.endpoint = +? AND r.type = +? AND r.name_key = +?`;

/** A row may be another endpoint's, when a member found it. */
export const RESOURCE_BY_ROW = `SELECT ${COLUMNS} FROM resources r
  WHERE r.row = +? AND r.endpoint = +? AND r.type = +?`;

/** What it holds of a list whose documents are too large to be read together. */
export const DOCUMENT_OF_ROW = 'SELECT CAST(document AS BLOB) FROM resources WHERE row = +?';

/**
 * From the resource with the first parameter's id on; `''` is before all. The inner select reads the
 * index only, so that skipping costs no look at a document.
 */
export const RESOURCE_PAGE = listSql(`FROM (
    SELECT row AS page_row FROM resources
    WHERE endpoint = +? AND type = +? AND id >= +? ORDER BY id LIMIT +? OFFSET +?
  ) JOIN resources r ON r.row = page_row ORDER BY r.id`);

export const RESOURCE_SLICE = listSql(`FROM resources r
  WHERE r.endpoint = +? AND r.type = +? AND r.id > +? ORDER BY r.id LIMIT +?`);

export const RESOURCE_SLICE_BACKWARDS = listSql(`FROM resources r
  WHERE r.endpoint = +? AND r.type = +? AND r.id < +? ORDER BY r.id DESC LIMIT +?`);

/** The id that lies so many resources behind another. */
export const ID_FURTHER_ON = `SELECT id FROM resources
  WHERE endpoint = +? AND type = +? AND id >= +? ORDER BY id LIMIT 1 OFFSET +?`;

/** By name, behind or before a key; those without a name are not among them. */
export const RESOURCE_SLICE_BY_NAME = listSql(
  `FROM resources r
  WHERE r.endpoint = +? AND r.type = +? AND r.name_key > +? ORDER BY r.name_key LIMIT +?`,
  ', r.name_key AS nameKey',
);

export const RESOURCE_SLICE_BY_NAME_BACKWARDS = listSql(
  `FROM resources r WHERE r.endpoint = +? AND r.type = +? AND r.name_key < +?
  ORDER BY r.name_key DESC LIMIT +?`,
  ', r.name_key AS nameKey',
);

export const RESOURCE_PAGE_BY_NAME = listSql(
  `FROM (
    SELECT row AS page_row FROM resources
    WHERE endpoint = +? AND type = +? AND name_key IS NOT NULL ORDER BY name_key LIMIT +? OFFSET +?
  ) JOIN resources r ON r.row = page_row ORDER BY r.name_key`,
  ', r.name_key AS nameKey',
);

export const RESOURCE_PAGE_BY_NAME_BACKWARDS = listSql(
  `FROM (
    SELECT row AS page_row FROM resources
    WHERE endpoint = +? AND type = +? AND name_key IS NOT NULL
    ORDER BY name_key DESC LIMIT +? OFFSET +?
  ) JOIN resources r ON r.row = page_row ORDER BY r.name_key DESC`,
  ', r.name_key AS nameKey',
);

/** What columns are made of. */
const READ_COLUMNS = `row, created, modified AS lastModified, version,
  CAST(document AS BLOB) AS document`;

/** Of a type, created behind a change sequence: the rows of all types since then are walked. */
export const CREATED_SINCE = `SELECT ${READ_COLUMNS}
  FROM resources NOT INDEXED WHERE row > +? AND endpoint = +? AND type = +? ORDER BY row LIMIT +?`;

/** Of a type, changed behind a change sequence, which is that of their last change. */
export const CHANGED_SINCE = `SELECT ${READ_COLUMNS}
  FROM resources INDEXED BY resources_changed
  WHERE endpoint = +? AND type = +? AND version > +? AND version <> row ORDER BY version LIMIT +?`;

export const COLUMNS_OF_ROW = `SELECT ${READ_COLUMNS} FROM resources WHERE row = +?`;

export const LIST_SCRAMBLED = `SELECT scrambled FROM resource_counts
  WHERE endpoint = +? AND type = +?`;

export const ID_OF_ROW = 'SELECT id FROM resources WHERE row = +?';

/** Part of a list; readers keep it to some thousand resources. */
const STRETCH = `FROM resources WHERE endpoint = +? AND type = +? AND id >= +? AND id < +?`;

export const STRETCH_COUNT = `SELECT count(*) ${STRETCH}`;

export const STRETCH_ROWS = `SELECT row ${STRETCH} ORDER BY id`;

export const ROWS_BY_ID = `SELECT row FROM resources
  WHERE endpoint = +? AND type = +? ORDER BY id LIMIT +?`;

export const CHANGE_SEQUENCE = 'SELECT change_sequence FROM state WHERE one = 1';

/** How many resources, and which shape their list has: see `list-marks.ts`. */
export const LIST_EXTENT = `SELECT count, shape FROM resource_counts
  WHERE endpoint = +? AND type = +?`;

export const RESOURCE_COUNTS = 'SELECT type, count FROM resource_counts WHERE endpoint = +?';

/** 1 when the order of rows is not that of ids. */
export const IS_SCRAMBLED =
  'SELECT scrambled FROM resource_counts WHERE endpoint = +? AND type = +?';

export const ROW_BY_ID = 'SELECT row FROM resources WHERE endpoint = +? AND type = +? AND id = +?';

export const ROW_BY_NAME = `SELECT row FROM resources
  WHERE endpoint = +? AND type = +? AND name_key = +?`;

export const ROW_BY_UNIQUE_VALUE = `SELECT row FROM unique_values
  WHERE endpoint = +? AND type = +? AND place = +? AND key = +?`;

export const ROWS_BY_EXTERNAL_ID = `SELECT row FROM resources
  WHERE endpoint = +? AND type = +? AND external_id = +? LIMIT +?`;

export const ROWS_BY_ATTRIBUTE = `SELECT row FROM attribute_keys
  WHERE attribute = +? AND key = +? LIMIT +?`;

/** Stretches of an index: from a key on, up to before another. */
export const ROWS_IN_ID_RANGE = rowsInRange('id');
export const ROWS_IN_NAME_RANGE = rowsInRange('name_key');
export const ROWS_IN_EXTERNAL_ID_RANGE = rowsInRange('external_id');
export const ROWS_IN_MODIFIED_RANGE = rowsInRange('modified');

/** A row with several keys there comes several times. */
export const ROWS_IN_ATTRIBUTE_RANGE = `SELECT row FROM attribute_keys
  WHERE attribute = +? AND key >= +? AND key < +? LIMIT +?`;

function rowsInRange(column: string): string {
  return `SELECT row FROM resources
    WHERE endpoint = +? AND type = +? AND ${column} >= +? AND ${column} < +? LIMIT +?`;
}

/** Those of the rows in a JSON array that are resources of a type, by id, behind an id. */
export const ROWS_IN_ORDER = `SELECT r.row FROM json_each(+?) AS wanted
  CROSS JOIN resources r ON r.row = wanted.value
  WHERE r.endpoint = +? AND r.type = +? AND r.id > +? ORDER BY r.id`;

/** As `ROWS_IN_ORDER`, from an id downwards. */
export const ROWS_IN_ORDER_BACKWARDS = `SELECT r.row FROM json_each(+?) AS wanted
  CROSS JOIN resources r ON r.row = wanted.value
  WHERE r.endpoint = +? AND r.type = +? AND r.id < +? ORDER BY r.id DESC`;

/** Resources by row, in the order of a JSON array. */
export const RESOURCES_OF_ROWS = listSql(
  `FROM json_each(+?) AS wanted CROSS JOIN resources r ON r.row = wanted.value`,
);

/**
 * Rows that hold a member: as the row of a resource, or as a kept value that names none. Each side has
 * the limit: one on the whole would count only when both have been read.
 */
export const ROWS_WITH_MEMBER = `SELECT group_row FROM
    (SELECT group_row FROM members WHERE member_row = +@member LIMIT +@limit)
  UNION SELECT group_row FROM (SELECT group_row FROM kept_members WHERE value = +@value LIMIT +@limit)`;

/** Rows of direct members. */
export const MEMBER_ROWS = 'SELECT member_row FROM members WHERE group_row = +? LIMIT +?';

export const HAS_MEMBER = `SELECT
  EXISTS (SELECT 1 FROM members WHERE group_row = +@group AND member_row = +@member)
  OR EXISTS (SELECT 1 FROM kept_members WHERE group_row = +@group AND value = +@value)`;

/** Members as links; kept values last, as resources of no type. */
export const MEMBERS = `SELECT * FROM (
    SELECT r.id AS value, r.type AS resourceType, r.display AS display
    FROM members m CROSS JOIN resources r ON r.row = m.member_row
    WHERE m.group_row = +@row ORDER BY m.member_row)
  UNION ALL
  SELECT value, '', '' FROM kept_members WHERE group_row = +@row
  LIMIT +@limit`;

/**
 * Groups of resources, given by row in a JSON array, through any number of groups in between; UNION
 * ends cycles. The recursive LIMIT bounds the walk itself, which meets direct groups first. Rows of
 * deleted groups may be met: they name no resource and nothing holds them. One statement serves many
 * resources: its temporary tables cost as much to make as several groups to find.
 */
export const GROUPS = `WITH RECURSIVE reached (member, group_row) AS (
    SELECT m.member_row, m.group_row
    FROM json_each(+@rows) AS wanted CROSS JOIN members m ON m.member_row = wanted.value
    UNION
    SELECT reached.member, m.group_row
    FROM reached CROSS JOIN members m ON m.member_row = reached.group_row
    LIMIT +@limit)
  SELECT reached.member AS row, r.id AS value, r.type AS resourceType, r.display AS display,
    EXISTS (SELECT 1 FROM members WHERE group_row = r.row AND member_row = reached.member) AS direct
  FROM reached CROSS JOIN resources r ON r.row = reached.group_row
  ORDER BY reached.member, r.row`;

/** Memberships of a slice of groups, as many as their members show. */
export const MEMBER_COUNT_SLICE = `SELECT r.id AS id,
    (SELECT count(*) FROM members WHERE group_row = r.row)
    + (SELECT count(*) FROM kept_members WHERE group_row = r.row) AS memberships
  FROM resources r WHERE r.endpoint = +? AND r.type = +? AND r.id > +? ORDER BY r.id LIMIT +?`;

export const ENDPOINTS = `SELECT row, id, name, display_name, description, config, active,
  created_at, updated_at FROM endpoints WHERE deleted = 0 ORDER BY row`;

/** Schemas and settings of one endpoint. */
export const ENDPOINT_CONFIG = 'SELECT config FROM endpoints WHERE row = +? AND deleted = 0';

/** All that is kept of resources and that new schemas might not fit: secrets by their places only. */
export const STORED_SLICE = `SELECT r.id AS id, r.document AS document,
    (SELECT json_group_array(place) FROM secrets WHERE row = r.row) AS secrets,
    EXISTS (SELECT 1 FROM members WHERE group_row = r.row)
    OR EXISTS (SELECT 1 FROM kept_members WHERE group_row = r.row) AS hasMembers
  FROM resources r WHERE r.endpoint = +? AND r.type = +? AND r.id > +? ORDER BY r.id LIMIT +?`;
