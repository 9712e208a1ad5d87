import java.io.*;
import java.nio.file.*;
import java.util.*;
import org.javarosa.core.model.*;
import org.javarosa.core.model.data.*;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.form.api.*;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.xform.util.XFormUtils;

/**
 * Fills a form in with JavaRosa: FormBench FORM OPS PASSES OUT.
 *
 * OPS has one answer per line, "reference TAB value"; "~reference TAB a b" is answered over and over
 * in the end, with a and b in turn. PASSES are run in one virtual machine, so that
 * the first is cold and the last is warm. Prints one line of figures per pass; OUT gets the
 * instance XML of the last. Times are in microseconds; only the calls into JavaRosa are timed.
 */
public class FormBench {
  static final int TURNS = 30;

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    new org.javarosa.model.xform.XFormsModule().registerModule();
    PropertyManager.setPropertyManager(new org.opendatakit.validate.StubPropertyManager());
    byte[] form = Files.readAllBytes(Paths.get(arguments[0]));
    Map<String, String> answers = new HashMap<>();
    for (String line : Files.readAllLines(Paths.get(arguments[1]))) {
      int tab = line.indexOf('\t');
      answers.put(line.substring(0, tab), line.substring(tab + 1));
    }
    int passes = Integer.parseInt(arguments[2]);
    for (int pass = 0; pass < passes; pass++) {
      run(form, new HashMap<>(answers), pass == passes - 1 ? arguments[3] : null);
    }
  }

  static void run(byte[] form, Map<String, String> answers, String out) throws Exception {
    long before = System.nanoTime();
    FormDef definition = XFormUtils.getFormFromInputStream(new ByteArrayInputStream(form));
    definition.initialize(true, new InstanceInitializationFactory());
    FormEntryController controller = new FormEntryController(new FormEntryModel(definition));
    long load = System.nanoTime() - before;
    FormEntryModel model = controller.getModel();
    FormIndex turned = null;
    String[] turns = null;
    List<Long> cascades = new ArrayList<>();
    List<Long> answered = new ArrayList<>(), shown = new ArrayList<>(), added = new ArrayList<>();
    controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
    int event;
    while ((event = controller.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
      if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT) {
        String reference = model.getFormIndex().getReference().toString(true);
        if (answers.remove("+" + reference) != null) {
          before = System.nanoTime();
          controller.newRepeat();
          added.add(System.nanoTime() - before);
        }
      } else if (event == FormEntryController.EVENT_QUESTION) {
        before = System.nanoTime();
        FormEntryPrompt prompt = model.getQuestionPrompt();
        prompt.getQuestionText();
        List<SelectChoice> choices = prompt.getSelectChoices();
        if (choices != null) {
          for (SelectChoice choice : choices) prompt.getSelectChoiceText(choice);
        }
        shown.add(System.nanoTime() - before);
        String reference = model.getFormIndex().getReference().toString(true);
        String both = answers.remove("~" + reference);
        if (both != null) {
          turned = model.getFormIndex();
          turns = both.split(" ");
        }
        String value = answers.remove(reference);
        if (value == null) continue;
        IAnswerData data = data(prompt, choices, value);
        before = System.nanoTime();
        int result = controller.answerQuestion(data, true);
        answered.add(System.nanoTime() - before);
        if (result != FormEntryController.ANSWER_OK) {
          System.err.println("refused " + reference + " " + result);
        }
      }
    }
    for (int turn = 0; turned != null && turn < TURNS; turn++) {
      controller.jumpToIndex(turned);
      IAnswerData data = data(model.getQuestionPrompt(), null, turns[turn % turns.length]);
      before = System.nanoTime();
      controller.answerQuestion(data, true);
      cascades.add(System.nanoTime() - before);
    }
    if (!answers.isEmpty()) System.err.println("not asked: " + answers.size() + " " + answers.keySet().iterator().next());
    System.out.println("load " + load / 1000.0);
    print("answer", answered);
    print("show", shown);
    print("add", added);
    print("cascade", cascades);
    System.out.println("end");
    System.out.flush();
    if (out != null) {
      Files.write(Paths.get(out), new XFormSerializingVisitor().serializeInstance(definition.getInstance()));
    }
  }

  static void print(String name, List<Long> times) {
    StringBuilder line = new StringBuilder(name);
    for (long time : times) line.append(' ').append(time / 1000.0);
    System.out.println(line);
  }

  static IAnswerData data(FormEntryPrompt prompt, List<SelectChoice> choices, String value) throws Exception {
    switch (prompt.getControlType()) {
      case Constants.CONTROL_SELECT_ONE:
        return new SelectOneData(find(choices, value));
      case Constants.CONTROL_SELECT_MULTI:
        List<Selection> chosen = new ArrayList<>();
        for (String part : value.split(" ")) chosen.add(find(choices, part));
        return new SelectMultiData(chosen);
      default:
        switch (prompt.getDataType()) {
          case Constants.DATATYPE_INTEGER: return new IntegerData(Integer.parseInt(value));
          case Constants.DATATYPE_DECIMAL: return new DecimalData(Double.parseDouble(value));
          case Constants.DATATYPE_DATE:
            return new DateData(org.javarosa.core.model.utils.DateUtils.parseDate(value));
          default: return new StringData(value);
        }
    }
  }

  static Selection find(List<SelectChoice> choices, String value) {
    for (SelectChoice choice : choices) if (choice.getValue().equals(value)) return choice.selection();
    throw new IllegalStateException("no choice " + value);
  }
}
