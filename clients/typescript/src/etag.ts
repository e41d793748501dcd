/** Entity tags. */

/**
 * Returns the entity tag of a response, for `If-Match` of a change.
 *
 *     const { data, response } = await spindle.GET("/v1/users/me");
 *     await spindle.PATCH("/v1/users/me", { params: { header: { "If-Match": etagOf(response) } }, body: { locale: "de-DE" } });
 *
 * @throws {TypeError} if it has none.
 */
export function etagOf(response: Response): string {
  const etag = response.headers.get("etag");
  if (etag === null) {
    throw new TypeError(`${response.url || "the response"} has no ETag`);
  }
  return etag;
}
