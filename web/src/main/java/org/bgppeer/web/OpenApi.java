package org.bgppeer.web;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bgppeer.wire.Octets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The description of the API in OpenAPI 3.1, made from what serves it: the operations, and the
/// records that they answer with.
final class OpenApi {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final List<String> FAILURES = List.of("400", "404", "503");

  private final Map<Class<?>, ObjectNode> schemas = new LinkedHashMap<>();
  private final Deque<Class<?>> undescribed = new ArrayDeque<>();

  private OpenApi() {}

  static byte[] describe(List<ApiOperation> operations, String version) {
    return MAPPER
        .writerWithDefaultPrettyPrinter()
        .writeValueAsBytes(new OpenApi().document(operations, version));
  }

  private ObjectNode document(List<ApiOperation> operations, String version) {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "bgp-peer")
        .put("version", version)
        .put(
            "description",
            "What a receive-only BGP collector holds and held. Times are UTC with microseconds;"
                + " errors are problem objects of RFC 9457.");
    ObjectNode paths = document.putObject("paths");
    for (ApiOperation operation : operations) {
      ObjectNode get = paths.putObject(operation.path()).putObject("get");
      get.put("summary", operation.summary());
      parameters(get.putArray("parameters"), operation);
      ObjectNode responses = get.putObject("responses");
      responses.set("200", answer(operation));
      for (String failure : FAILURES) {
        responses.putObject(failure).put("$ref", "#/components/responses/problem");
      }
    }
    ObjectNode components = document.putObject("components");
    ObjectNode problem = components.putObject("responses").putObject("problem");
    problem.put("description", "What is wrong, and what would be right");
    problem
        .putObject("content")
        .putObject("application/problem+json")
        .set("schema", reference(Site.Problem.class));
    while (!undescribed.isEmpty()) {
      Class<?> type = undescribed.remove();
      describe(type, schemas.getOrDefault(type, MAPPER.createObjectNode()));
    }
    ObjectNode all = components.putObject("schemas");
    schemas.forEach((type, schema) -> all.set(name(type), schema));
    return document;
  }

  private static void parameters(ArrayNode all, ApiOperation operation) {
    for (ApiOperation.Parameter parameter : operation.parameters()) {
      ObjectNode node = all.addObject();
      boolean inPath = operation.inPath(parameter);
      node.put("name", parameter.name())
          .put("in", inPath ? "path" : "query")
          .put("required", inPath)
          .put("description", parameter.words());
      ObjectNode schema = node.putObject("schema").put("type", parameter.type());
      if (!parameter.allowed().isEmpty()) {
        ArrayNode allowed = schema.putArray("enum");
        parameter.allowed().forEach(allowed::add);
      }
      if (parameter.example() != null) {
        node.put("example", parameter.example());
      }
    }
  }

  private ObjectNode answer(ApiOperation operation) {
    ObjectNode answer = MAPPER.createObjectNode();
    answer.put("description", operation.summary());
    ObjectNode content = answer.putObject("content");
    ObjectNode row = reference(operation.item());
    if (operation.one() != null) {
      content.putObject("application/json").set("schema", row);
      return answer;
    }
    ObjectNode page = content.putObject("application/json").putObject("schema");
    page.put("type", "object");
    ObjectNode properties = page.putObject("properties");
    properties.putObject("data").put("type", "array").set("items", row);
    ObjectNode next = properties.putObject("next");
    next.putArray("type").add("string").add("null");
    next.put("description", "for `after` of the next page; null if this is the last one");
    content.putObject("application/x-ndjson").set("schema", row);
    content.putObject("text/csv").putObject("schema").put("type", "string");
    return answer;
  }

  private ObjectNode reference(Class<?> type) {
    if (!schemas.containsKey(type)) {
      schemas.put(type, MAPPER.createObjectNode());
      undescribed.add(type);
    }
    return MAPPER.createObjectNode().put("$ref", "#/components/schemas/" + name(type));
  }

  private static String name(Class<?> type) {
    String own = type.getSimpleName();
    Class<?> outer = type.getEnclosingClass();
    return own.equals("Data") && outer != null
        ? outer.getSimpleName().replaceAll("Page$", "")
        : own.replaceAll("(Data|Row)$", "");
  }

  private void describe(Class<?> type, ObjectNode schema) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (RecordComponent component : type.getRecordComponents()) {
      String name = snakeCase(component.getName());
      boolean mayBeNull = isNullable(component) || isNullable(component.getAnnotatedType());
      properties.set(name, schema(component.getGenericType(), mayBeNull));
      required.add(name);
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static boolean isNullable(AnnotatedElement element) {
    return Arrays.stream(element.getAnnotations())
        .anyMatch(annotation -> annotation.annotationType() == Nullable.class);
  }

  private ObjectNode schema(Type type, boolean mayBeNull) {
    ObjectNode schema = MAPPER.createObjectNode();
    if (type instanceof ParameterizedType of) {
      Type last = of.getActualTypeArguments()[of.getActualTypeArguments().length - 1];
      if (of.getRawType() == List.class) {
        return schema.put("type", "array").set("items", schema(last, false));
      }
      return schema.put("type", "object").set("additionalProperties", schema(last, false));
    }
    if (type instanceof Class<?> plain && plain.isRecord() && plain != Octets.class) {
      return reference(plain);
    }
    String json =
        type == boolean.class || type == Boolean.class
            ? "boolean"
            : type == double.class
                ? "number"
                : type == int.class
                        || type == long.class
                        || type == Integer.class
                        || type == Long.class
                    ? "integer"
                    : "string";
    if (mayBeNull) {
      schema.putArray("type").add(json).add("null");
    } else {
      schema.put("type", json);
    }
    if (type == Instant.class) {
      schema.put("format", "date-time");
    }
    return schema;
  }
}
