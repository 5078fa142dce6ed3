package dev.tidemark.local.demo;

/** Where objects are: a collection, or a tenant of one ({@code tenant} is empty where not). */
record Place(String collection, String tenant) {
  static Place of(String collection) {
    return new Place(collection, "");
  }

  String path(String what) {
    String path = "/v1/collections/" + collection + "/" + what;
    return tenant.isEmpty() ? path : path + "?tenant=" + tenant;
  }

  @Override
  public String toString() {
    return tenant.isEmpty() ? collection : collection + "/" + tenant;
  }
}
