package dev.spectron.server.realtime;

import dev.spectron.server.api.ApiException;
import java.util.ArrayList;
import java.util.List;

/** The items of a conversation in their order, no more than may be remembered. */
final class ItemList {
  /** In the place of an item: the start of the conversation. */
  static final String ROOT = "root";

  private final int most;
  private final List<Item> items = new ArrayList<>();

  ItemList(int most) {
    this.most = most;
  }

  /**
   * Adds at the end.
   *
   * @return id of the item before, empty if there is none
   */
  String add(Item item) {
    String previous = items.isEmpty() ? "" : items.getLast().id();
    items.add(item);
    return previous;
  }

  /**
   * Adds after an item.
   *
   * @param previous id of an item, or {@link #ROOT}
   */
  void addAfter(String previous, Item item) {
    items.add(previous.equals(ROOT) ? 0 : indexOf(previous) + 1, item);
  }

  /** Drops the oldest if there are too many; what was dropped. */
  List<Item> trim() {
    List<Item> dropped = new ArrayList<>();
    while (items.size() > most) {
      dropped.add(items.removeFirst());
    }
    return dropped;
  }

  boolean holds(String id) {
    return items.stream().anyMatch(item -> item.id().equals(id));
  }

  /** Id of the item before one, empty for the first. */
  String before(String id) {
    int index = indexOf(id);
    return index == 0 ? "" : items.get(index - 1).id();
  }

  Item get(String id) {
    return items.get(indexOf(id));
  }

  /** Puts a newer state in the place of an item, if it is still there. */
  void update(Item item) {
    items.replaceAll(old -> old.id().equals(item.id()) ? item : old);
  }

  void remove(String id) {
    items.remove(indexOf(id));
  }

  private int indexOf(String id) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).id().equals(id)) {
        return i;
      }
    }
    throw new ApiException(
        "item_not_found", "item_id", "expected an item of this conversation, found another id");
  }
}
