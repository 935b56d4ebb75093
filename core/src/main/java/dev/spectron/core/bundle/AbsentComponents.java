package dev.spectron.core.bundle;

import dev.spectron.core.config.IfAbsent;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.bean.PropertyValueBuffer;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleValueInstantiators;

/** Gives records the components that their document lacks, by {@link IfAbsent}. */
final class AbsentComponents extends SimpleValueInstantiators {
  private static final long serialVersionUID = 1L;

  @Override
  public ValueInstantiator modifyValueInstantiator(
      DeserializationConfig config, BeanDescription.Supplier type, ValueInstantiator plain) {
    return plain instanceof StdValueInstantiator standard && plain.getValueClass().isRecord()
        ? new Completing(standard)
        : plain;
  }

  private static final class Completing extends StdValueInstantiator {
    Completing(StdValueInstantiator plain) {
      super(plain);
    }

    @Override
    public Object createFromObjectWith(
        DeserializationContext context,
        SettableBeanProperty[] components,
        PropertyValueBuffer values) {
      for (SettableBeanProperty component : components) {
        IfAbsent absent = component.getAnnotation(IfAbsent.class);
        if (absent != null && !values.hasParameter(component)) {
          values.assignParameter(
              component,
              context.readTreeAsValue(
                  JsonMapper.shared().readTree(absent.value()), component.getType()));
        }
      }
      return super.createFromObjectWith(context, components, values);
    }
  }
}
