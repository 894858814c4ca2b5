/// The frontend: pages made on the server from the database, and the same as JSON and CSV.
///
/// In comes a GET; out goes a page. [WebServer] listens (Javalin), [Site] is the table of addresses
/// and does what is the same for all of them: it refuses parameters that a page does not have, by
/// name; it picks the form (`.json` and `.csv` behind any address); it sets the security headers;
/// it makes an error page of a [Refusal]. A page is a class with a method `Reply answer(Visit)` for
/// each of its addresses: the [Visit] is the request, read and checked; [org.bgppeer.store.Queries]
/// is all that it may ask of the world; the [Reply.Page] names a template, its model, and the rows
/// for the data forms. [Pages] lists the pages.
///
/// ```
/// GET /neighbor/r1/routes.csv?state=active
///  └► Site: parameters known? form?  ─► Visit ─► NeighborPages.routes ─► Queries.routes
///       ◄── html: Templates │ json, csv: Tabular ◄── Reply.Page(template, model).withData(rows)
/// ```
///
/// Templates are JTE, in `src/main/jte`, made into Java by the build: a wrong name in one does not
/// compile. Each has `@param Shell shell` and `@param … page`, and begins with
/// `@template.layout(shell = shell, content =
/// @`…`)`. What repeats is a template in `jte/tag`: `st` (a [Mark]: shape, word, colour), `age`,
///     `time`, `date`, `num`, `path`, `i` (an icon). How values are written is [Text]'s business,
///     addresses are [Links]'; no page formats or encodes by itself. Every value from a neighbor is
///     hostile: JTE escapes by context, `$unsafe` is not used, and the policy header forbids inline
///     scripts and styles, so there are none of our own.
///
/// The API is a table of its own, [Api]: an [ApiOperation] says its path, parameters and record,
/// and answers with one object or with rows that [ApiAnswer] writes page by page; [OpenApi]
/// describes them.
///
/// The one stylesheet and the one script are files of ours; nothing comes from outside. Without the
/// script everything can be read and reached. With it, a page that has `refresh` seconds is fetched
/// again that often, and each element with a `data-live` key is replaced by its new self: numbers
/// change in place, rows never move.
@NullMarked
package org.bgppeer.web;

import org.jspecify.annotations.NullMarked;
