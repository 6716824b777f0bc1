package org.psidgateway.api.problem;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What a type of problem means, for people: where its {@code type} leads.
 *
 * @param status the usual one
 * @param retry whether the same request may succeed later, without a change
 */
@JsonNaming(SnakeCaseStrategy.class)
record Explanation(
    String type, String title, int status, String meaning, String whatToDo, boolean retry) {

  static Explanation of(ProblemType type) {
    return switch (type) {
      case MALFORMED_REQUEST ->
          once(
              type,
              "The request does not have the form that this call expects. Nothing was done or"
                  + " spent.",
              "Correct what detail, parameter or errors name; errors point into the body with JSON"
                  + " Pointers. Ids are JSON strings, never numbers.");
      case UNAUTHENTICATED ->
          once(
              type,
              "The request has no API key, or one that no caller of this gateway holds.",
              "Send the key as Authorization: Bearer <key>. If WWW-Authenticate says"
                  + " invalid_token, a key came and is wrong: compare it, without blanks and line"
                  + " ends, with the one that the operators gave you.");
      case MISSING_ROLE ->
          once(
              type,
              "The caller is known, but may not make this call.",
              "Use another caller's key, or ask the operators for the role in required_role.");
      case NOT_FOUND ->
          once(
              type,
              "No call of this API has this path.",
              "Compare the path with the API's description at /q/swagger-ui.");
      case UNKNOWN_PAGE ->
          once(
              type,
              "No Page with this id is registered here.",
              "Check the id. An admin registers a Page with PUT /v1/pages/{page_id} and sets its"
                  + " token; other pods may take 5 s to see it.");
      case UNKNOWN_MIGRATION ->
          once(
              type,
              "There is no migration with this id, or there is none any more: it was deleted, or was"
                  + " kept for its time.",
              "Compare the id with the one in the answer to the upload.");
      case NOT_KNOWN ->
          once(
              type,
              "Nothing is known about this id on this Page. That does not mean that the person has"
                  + " no PSID.",
              "Ask with POST /v1/pages/{page_id}/mappings/resolve, which may cost a conversion.");
      case METHOD_NOT_ALLOWED ->
          once(
              type,
              "The path exists, but not with this method.",
              "Use one of the methods in the Allow header.");
      case TOO_MANY_TEST_PAGES ->
          once(
              type,
              "An app may have five test Pages, and has them already.",
              "Unmark one first: PUT /v1/pages/{page_id} with test_page false.");
      case PAGE_IN_USE ->
          once(
              type,
              "The Page has mappings, or migrations that have not ended, or an upstream call or an import"
                  + " for it is under way. Nothing was changed.",
              "To keep its mappings readable, send keep_mappings=true: the Page is archived, and its"
                  + " migrations fail. If only"
                  + " something is under way (there is a Retry-After), pause the Page and try again.");
      case NOT_OFFERED ->
          once(
              type,
              "The upstream that this gateway asks has nothing of the kind, such as a window that"
                  + " could be sealed.",
              "Nothing: what the call is for is not needed with this upstream.");
      case IN_PROGRESS ->
          later(
              type,
              "Another request with this Idempotency-Key is at it: its list is on its way in, or it broke"
                  + " off less than half a minute ago.",
              "Send the same request after Retry-After seconds. It is answered with the migration that"
                  + " the other one has made, or makes it.");
      case ILLEGAL_TRANSITION ->
          once(
              type,
              "What was asked is not to be had in the migration's present state. Nothing was"
                  + " changed.",
              "Look at state, and ask for one of legal. A migration that has ended stays as it is: what is"
                  + " left of it can be had with POST /v1/migrations/{id}/retry. Only one that has ended can be"
                  + " deleted.");
      case PRECONDITION_FAILED ->
          once(
              type,
              "The migration has another revision than If-Match names: somebody has changed it"
                  + " since. Nothing was changed.",
              "Read it anew, decide again, and send its present ETag.");
      case IDEMPOTENCY_MISMATCH ->
          once(
              type,
              "This Idempotency-Key has made a migration of another body. Nothing was done or"
                  + " spent.",
              "Send the very bytes of the first request, coded alike, to get that migration; or use a new"
                  + " key to make another one.");
      case SNAPSHOT_GONE ->
          once(
              type,
              "The file of that moment can't be had any more: a mapping that it has to show was"
                  + " replaced or erased since, or the moment is a day ago; or its migration was"
                  + " deleted.",
              "Throw away what has come so far and download the file anew, without after and"
                  + " snapshot.");
      case BATCH_TOO_LARGE ->
          once(
              type,
              "The list or file has too many ids or bytes. Nothing was done or spent.",
              "Send it in several requests of at most max_ids ids and max_bytes bytes each.");
      case BODY_TOO_LARGE ->
          once(
              type,
              "The body is longer than this call accepts.",
              "Send a shorter one: max_bytes, where it is given, says how long it may be.");
      case UNSUPPORTED_MEDIA_TYPE ->
          once(
              type,
              "The body has a media type or a content coding that this call does not take, or the"
                  + " Accept header (status 406) leaves no form of the answer.",
              "Send JSON as application/json without a coding such as gzip, and accept"
                  + " application/json. Calls that take files name the types and codings that they"
                  + " take in Accept and Accept-Encoding.");
      case CALLER_LIMIT ->
          later(
              type,
              "The caller sends more ids per minute than it may. Nothing was done or spent.",
              "Send the same list after Retry-After seconds. RateLimit says how many ids would"
                  + " pass at once. For more, ask the operators.");
      case OTHER ->
          once(
              type,
              "The server refused the request before any call of this API was reached.",
              "Look at the status and at the request as it was sent, proxies included.");
      case INTERNAL ->
          later(
              type,
              "The gateway failed. This is a fault of the gateway, not of the request.",
              "Report the request_id to the operators, who find the cause in the log. Resolving"
                  + " again is safe: nothing is paid twice.");
      case UNAVAILABLE ->
          later(
              type,
              "PostgreSQL can't be reached at the moment, and no cache knew the answer; or enough"
                  + " files are under way already.",
              "Send the same request after Retry-After seconds. That is safe, also where detail"
                  + " says that a change may have been made.");
    };
  }

  private static Explanation once(ProblemType type, String meaning, String whatToDo) {
    return new Explanation(type.uri(), type.title(), type.status(), meaning, whatToDo, false);
  }

  private static Explanation later(ProblemType type, String meaning, String whatToDo) {
    return new Explanation(type.uri(), type.title(), type.status(), meaning, whatToDo, true);
  }
}
